import { optionRangeError } from '../errors.js';
import { type Channel, type ChannelWeight, readChannel, readChannels, readName } from './channels.js';
import { readTerms, type TermOptions, type TermRequest } from './terms.js';

export type { Channel, ChannelWeight } from './channels.js';
export type { TermOptions } from './terms.js';

/** What to dream of: a named filter of the model, channels of a layer, a whole layer, a sum of terms, or the model's default. */
export type ObjectiveOptions =
  | {
      readonly filter?: undefined;
      readonly layer?: undefined;
      readonly channel?: undefined;
      readonly channels?: undefined;
      readonly objective?: undefined;
    }
  /** A name from the model's catalogue. */
  | {
      readonly filter: string;
      readonly layer?: undefined;
      readonly channel?: undefined;
      readonly channels?: undefined;
      readonly objective?: undefined;
    }
  /** The mean of one channel. */
  | {
      readonly layer?: string | undefined;
      readonly channel: Channel;
      readonly channels?: undefined;
      readonly filter?: undefined;
      readonly objective?: undefined;
    }
  /** The weighted mean of several channels. */
  | {
      readonly layer?: string | undefined;
      readonly channels: readonly (Channel | ChannelWeight)[];
      readonly channel?: undefined;
      readonly filter?: undefined;
      readonly objective?: undefined;
    }
  /** The mean of the squares of a whole layer, as in the original DeepDream. */
  | {
      readonly layer: string;
      readonly channel?: undefined;
      readonly channels?: undefined;
      readonly filter?: undefined;
      readonly objective?: undefined;
    }
  /** The sum of terms, perhaps on several layers, each as strong as its weight says: docs/steering.md. */
  | {
      readonly objective: readonly TermOptions[];
      readonly filter?: undefined;
      readonly layer?: undefined;
      readonly channel?: undefined;
      readonly channels?: undefined;
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
  | { readonly kind: 'layer'; readonly layer: string }
  | { readonly kind: 'sum'; readonly terms: readonly TermRequest[] };

export const OBJECTIVE_OPTIONS = ['filter', 'layer', 'channel', 'channels', 'objective'] as const;

/** Options that say all of what to dream of, so that no other of them is to be there. */
export const WHOLE = ['objective', 'filter'] as const;

/** Throws TypeError or RangeError with a code for wrong values and for choices that exclude each other. */
export function readObjective(given: object): ObjectiveRequest {
  const values = given as Record<string, unknown>;
  const { channel, channels, objective } = values;
  for (const whole of WHOLE) {
    if (values[whole] === undefined) continue;
    const other = OBJECTIVE_OPTIONS.find((name) => name !== whole && values[name] !== undefined);
    if (other !== undefined) throw optionRangeError(other, `left out where '${whole}' is given`, values[other]);
  }
  if (objective !== undefined) return { kind: 'sum', terms: readTerms('objective', objective) };
  const filter = readName('filter', values['filter']);
  if (filter !== undefined) return { kind: 'filter', filter };
  const layer = readName('layer', values['layer']);
  if (channel !== undefined && channels !== undefined) {
    throw optionRangeError('channels', "left out where 'channel' is given", channels);
  }
  if (channels !== undefined) return { kind: 'channels', layer, channels: readChannels('channels', channels) };
  if (channel !== undefined) {
    return { kind: 'channels', layer, channels: [{ channel: readChannel('channel', channel), weight: 1 }] };
  }
  return layer === undefined ? { kind: 'default' } : { kind: 'layer', layer };
}
