import { optionRangeError, optionTypeError } from '../errors.js';
import { readOption, refuseUnknown } from './read.js';

/** A channel by its number from 0, or by its name where the model names the layer's channels. */
export type Channel = number | string;

export interface ChannelWeight {
  readonly channel: Channel;
  /** Default 1; negative avoids what the channel sees. */
  readonly weight?: number;
}

/** What to dream of: a named filter of the model, channels of a layer, a whole layer, or the model's default. */
export type ObjectiveOptions =
  | {
      readonly filter?: undefined;
      readonly layer?: undefined;
      readonly channel?: undefined;
      readonly channels?: undefined;
    }
  /** A name from the model's catalogue. */
  | { readonly filter: string; readonly layer?: undefined; readonly channel?: undefined; readonly channels?: undefined }
  /** The mean of one channel. */
  | {
      readonly layer?: string | undefined;
      readonly channel: Channel;
      readonly channels?: undefined;
      readonly filter?: undefined;
    }
  /** The weighted mean of several channels. */
  | {
      readonly layer?: string | undefined;
      readonly channels: readonly (Channel | ChannelWeight)[];
      readonly channel?: undefined;
      readonly filter?: undefined;
    }
  /** The mean of the squares of a whole layer, as in the original DeepDream. */
  | {
      readonly layer: string;
      readonly channel?: undefined;
      readonly channels?: undefined;
      readonly filter?: undefined;
    };

/** What was asked for, checked by itself; the model then says what a filter, a channel's name or a left-out layer is. */
export type ObjectiveRequest =
  | { readonly kind: 'default' }
  | { readonly kind: 'filter'; readonly filter: string }
  | {
      readonly kind: 'channels';
      readonly layer: string | undefined;
      readonly channels: readonly Required<ChannelWeight>[];
    }
  | { readonly kind: 'layer'; readonly layer: string };

export const OBJECTIVE_OPTIONS = ['filter', 'layer', 'channel', 'channels'] as const;

const CHANNEL = { kind: 'integer', default: undefined, least: 0, most: 1_000_000, about: '' } as const;
const WEIGHT = { kind: 'number', default: 1, least: -1e6, most: 1e6, about: '' } as const;

function readChannel(name: string, value: unknown): Channel {
  if (typeof value === 'string') return readName(name, value) as string;
  if (typeof value !== 'number') throw optionTypeError(name, "a channel's number or name", value);
  return readOption(name, CHANNEL, value) as number;
}

function readChannels(value: unknown): Required<ChannelWeight>[] {
  if (!Array.isArray(value)) throw optionTypeError('channels', 'an array of channels', value);
  if (value.length === 0) throw optionRangeError('channels', 'at least one channel', value);
  return value.map((entry: unknown, index) => {
    if (typeof entry !== 'object' || entry === null) {
      return { channel: readChannel(`channels[${index}]`, entry), weight: 1 };
    }
    refuseUnknown(entry, ['channel', 'weight'], `channels[${index}].`);
    const { channel, weight } = entry as { channel?: unknown; weight?: unknown };
    return {
      channel: readChannel(`channels[${index}].channel`, channel),
      weight: readOption(`channels[${index}].weight`, WEIGHT, weight) as number,
    };
  });
}

function readName(name: string, value: unknown): string | undefined {
  return readOption(name, { kind: 'text', default: undefined, about: '' }, value) as string | undefined;
}

/** Throws TypeError or RangeError with a code for wrong values and for choices that exclude each other. */
export function readObjective(given: object): ObjectiveRequest {
  const values = given as Record<string, unknown>;
  const filter = readName('filter', values['filter']);
  const layer = readName('layer', values['layer']);
  const { channel, channels } = values;
  if (filter !== undefined) {
    for (const other of ['layer', 'channel', 'channels']) {
      if (values[other] !== undefined) throw optionRangeError(other, "left out where 'filter' is given", values[other]);
    }
    return { kind: 'filter', filter };
  }
  if (channel !== undefined && channels !== undefined) {
    throw optionRangeError('channels', "left out where 'channel' is given", channels);
  }
  if (channels !== undefined) return { kind: 'channels', layer, channels: readChannels(channels) };
  if (channel !== undefined) {
    return { kind: 'channels', layer, channels: [{ channel: readChannel('channel', channel), weight: 1 }] };
  }
  return layer === undefined ? { kind: 'default' } : { kind: 'layer', layer };
}
