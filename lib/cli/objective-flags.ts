import type { Command } from 'commander';
import { optionRangeError } from '../errors.js';
import type { Channel } from '../options/objective.js';

export interface ObjectiveFlags {
  readonly filter?: string;
  readonly layer?: string;
  readonly channel?: string;
}

/** The flags that say what to dream of. */
export function addObjectiveFlags(command: Command): void {
  command
    .option('--filter <name>', "a named filter of the model's catalogue")
    .option('--layer <name>', 'a layer: with --channel the mean of that channel, else the mean of squares of all')
    .option('--channel <n|name>', "a channel of the layer, from 0, or a name that the model gives it: 'owl'");
}

/** A number is a channel's number; anything else its name, which only the model can tell. */
function readChannel(text: string): Channel {
  if (text.trim() === '') throw optionRangeError('channel', "a channel's number or name", text);
  const channel = Number(text);
  return Number.isNaN(channel) ? text : channel;
}

export function readObjectiveFlags({ filter, layer, channel }: ObjectiveFlags): Record<string, unknown> {
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(layer === undefined ? {} : { layer }),
    ...(channel === undefined ? {} : { channel: readChannel(channel) }),
  };
}
