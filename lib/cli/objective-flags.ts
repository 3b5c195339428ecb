import type { Command } from 'commander';
import { optionRangeError } from '../errors.js';
import type { Channel } from '../options/objective.js';
import { channelOf, TERM_GRAMMAR, termOf } from './term-text.js';

export interface ObjectiveFlags {
  readonly filter?: string;
  readonly layer?: string;
  readonly channel?: string;
  readonly objective?: readonly string[];
}

/** The flags that say what to dream of. */
export function addObjectiveFlags(command: Command): void {
  command
    .option('--filter <name>', "a named filter of the model's catalogue")
    .option('--layer <name>', 'a layer: with --channel the mean of that channel, else the mean of squares of all')
    .option('--channel <n|name>', "a channel of the layer, from 0, or a name that the model gives it: 'owl'")
    .option(
      '--objective <term>',
      `a term of a sum, given as often as it has terms: ${TERM_GRAMMAR}`,
      (term: string, before: readonly string[] = []) => [...before, term],
    );
}

function readChannel(text: string): Channel {
  if (text.trim() === '') throw optionRangeError('channel', "a channel's number or name", text);
  return channelOf(text);
}

export function readObjectiveFlags({ filter, layer, channel, objective }: ObjectiveFlags): Record<string, unknown> {
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(layer === undefined ? {} : { layer }),
    ...(channel === undefined ? {} : { channel: readChannel(channel) }),
    ...(objective === undefined ? {} : { objective: objective.map(termOf) }),
  };
}
