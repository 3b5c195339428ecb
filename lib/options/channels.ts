import { optionRangeError, optionTypeError } from '../errors.js';
import { readOption, refuseUnknown } from './read.js';
import { MOST_WEIGHT } from './term-fields.js';

/** A channel by its number from 0, or by its name where the model names the layer's channels. */
export type Channel = number | string;

export interface ChannelWeight {
  readonly channel: Channel;
  /** Default 1; negative avoids what the channel sees. */
  readonly weight?: number;
}

export const MOST_CHANNEL = 1_000_000;

const CHANNEL = { kind: 'integer', default: undefined, least: 0, most: MOST_CHANNEL, about: '' } as const;
const WEIGHT = { kind: 'number', default: 1, least: -MOST_WEIGHT, most: MOST_WEIGHT, about: '' } as const;

export function readName(name: string, value: unknown): string | undefined {
  return readOption(name, { kind: 'text', default: undefined, about: '' }, value) as string | undefined;
}

export function readWeight(name: string, value: unknown): number {
  return readOption(name, WEIGHT, value) as number;
}

/** @param what it is a channel's number or name of, for the message */
export function readChannel(name: string, value: unknown, what = 'channel'): Channel {
  if (typeof value === 'string') return readName(name, value) as string;
  if (typeof value !== 'number') throw optionTypeError(name, `a ${what}'s number or name`, value);
  return readOption(name, CHANNEL, value) as number;
}

export function readChannels(name: string, value: unknown): Required<ChannelWeight>[] {
  if (!Array.isArray(value)) throw optionTypeError(name, 'an array of channels', value);
  if (value.length === 0) throw optionRangeError(name, 'at least one channel', value);
  return value.map((entry: unknown, index) => {
    if (typeof entry !== 'object' || entry === null) {
      return { channel: readChannel(`${name}[${index}]`, entry), weight: 1 };
    }
    refuseUnknown(entry, ['channel', 'weight'], `${name}[${index}].`);
    const { channel, weight } = entry as { channel?: unknown; weight?: unknown };
    return {
      channel: readChannel(`${name}[${index}].channel`, channel),
      weight: readWeight(`${name}[${index}].weight`, weight),
    };
  });
}
