import type { Command } from 'commander';
import { optionRangeError } from '../errors.js';
import type { Channel } from '../options/objective.js';
import { channelOf, TERM_GRAMMAR, termOf } from './term-text.js';

export interface ObjectiveFlags extends GuideFlags {
  readonly filter?: string;
  readonly layer?: string;
  readonly channel?: string;
  readonly objective?: readonly string[];
}

export interface GuideFlags {
  readonly guide?: string;
  readonly guideLayer?: readonly string[];
  readonly guideMatch?: string;
  readonly guideWeight?: string;
}

const listed = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** The flags that say what to dream of. */
export function addObjectiveFlags(command: Command): void {
  command
    .option('--filter <name>', "a named filter of the model's catalogue")
    .option('--layer <name>', 'a layer: with --channel the mean of that channel, else the mean of squares of all')
    .option('--channel <n|name>', "a channel of the layer, from 0, or a name that the model gives it: 'owl'")
    .option('--objective <term>', `a term of a sum, given as often as it has terms: ${TERM_GRAMMAR}`, listed)
    .option('--guide <picture>', 'dream towards what a layer sees in another picture: a term of its own')
    .option('--guide-layer <name>', "the guide's layer, given again for several (default: the model's)", listed)
    .option(
      '--guide-match <how>',
      "'dot': every position becomes like the guide's most similar one; 'statistics': the picture gets the guide's texture (default: dot)",
    )
    .option('--guide-weight <x>', 'how hard the guide pulls beside other terms (default: 1)');
}

function readChannel(text: string): Channel {
  if (text.trim() === '') throw optionRangeError('channel', "a channel's number or name", text);
  return channelOf(text);
}

function guideTerms({ guide, guideLayer, guideMatch, guideWeight }: GuideFlags): Record<string, unknown>[] {
  const others = { 'guide-layer': guideLayer, 'guide-match': guideMatch, 'guide-weight': guideWeight };
  const [name, value] = Object.entries(others).find(([, each]) => each !== undefined) ?? [];
  if (guide === undefined) {
    if (name === undefined) return [];
    throw optionRangeError(name, "left out where no 'guide' is given", value);
  }
  const weight = guideWeight === undefined ? undefined : Number(guideWeight);
  if (guideWeight?.trim() === '' || Number.isNaN(weight))
    throw optionRangeError('guide-weight', 'a number', guideWeight);
  return [{ guide, layer: guideLayer, match: guideMatch, weight }];
}

/** The terms that the flags say, each as the API takes it. */
export function readTermFlags(flags: ObjectiveFlags): Record<string, unknown>[] {
  return [...(flags.objective ?? []).map(termOf), ...guideTerms(flags)];
}

export function readObjectiveFlags(flags: ObjectiveFlags, terms = readTermFlags(flags)): Record<string, unknown> {
  const { filter, layer, channel } = flags;
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(layer === undefined ? {} : { layer }),
    ...(channel === undefined ? {} : { channel: readChannel(channel) }),
    ...(terms.length === 0 ? {} : { objective: terms }),
  };
}
