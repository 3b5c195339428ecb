import { LiveDreamError } from '../errors.js';
import type { Channel } from '../options/channels.js';
import { nearNames } from '../options/read.js';
import type { ModelDescription } from './description.js';
import type { LayerSummary } from './layer.js';

/** 'Lion_Face', 'lion-face' and 'lion face' are the same name. */
export function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

/** What to say where there is no such name: the nearest names, or that there are none. */
function hint(name: string, names: readonly string[]): string {
  if (names.length === 0) return '; its channels have no names.';
  const near = nearNames(plain(name), names.map(plain)).map((each) => `'${each}'`);
  return near.length === 0 ? '.' : `; did you mean ${near.join(', ')}?`;
}

function unknownChannel(what: string, name: string, names: readonly string[]): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_CHANNEL_UNKNOWN', `${what} has no channel '${name}'${hint(name, names)}`);
}

/** The names of a layer's channels; none where the model does not name them. */
export function channelNames(model: ModelDescription, layer: string): readonly string[] {
  const names = model.channelNames ?? {};
  return Object.hasOwn(names, layer) ? (names[layer] as readonly string[]) : [];
}

/** The layer that has a channel of this name: for a name without a layer. Throws ERR_LIVEDREAM_CHANNEL_UNKNOWN. */
export function layerOfChannel(model: ModelDescription, name: string): string {
  const entries = Object.entries(model.channelNames ?? {});
  const found = entries.find(([, names]) => names.some((each) => plain(each) === plain(name)));
  if (!found) {
    const all = entries.flatMap(([, names]) => names);
    throw unknownChannel('The model', name, all);
  }
  return found[0];
}

/** A channel's number. Throws ERR_LIVEDREAM_CHANNEL_UNKNOWN for a name that the layer does not have. */
export function channelNumber(model: ModelDescription, layer: string, channel: Channel): number {
  if (typeof channel === 'number') return channel;
  const names = channelNames(model, layer);
  const number = names.findIndex((name) => plain(name) === plain(channel));
  if (number < 0) throw unknownChannel(`The layer '${layer}'`, channel, names);
  return number;
}

/** Throws ERR_LIVEDREAM_MODEL_UNREADABLE for names of a layer that is not there or has another number of channels. */
export function checkChannelNames(model: ModelDescription, layers: readonly LayerSummary[]): void {
  for (const [layer, names] of Object.entries(model.channelNames ?? {})) {
    const channels = layers.find(({ name }) => name === layer)?.channels;
    if (channels === names.length) continue;
    const found = channels === undefined ? 'the network has no such layer' : `the layer has ${channels} channels`;
    throw new LiveDreamError(
      'ERR_LIVEDREAM_MODEL_UNREADABLE',
      `The description's 'channelNames' has ${names.length} names for the layer '${layer}', but ${found}.`,
    );
  }
}
