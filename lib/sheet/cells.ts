import type { Dreamer } from '../dreamer.js';
import { LiveDreamError, optionRangeError } from '../errors.js';
import type { RawPicture } from '../image/source.js';
import { channelNumber } from '../model/channel-names.js';
import type { Filter } from '../model/description.js';
import { nodeName } from '../model/layer.js';
import { findFilter } from '../model/objective.js';
import type { Channel } from '../options/objective.js';
import type { Preset } from '../options/preset.js';
import type { Response } from '../responses.js';
import type { Variation } from '../variations.js';

/** What a cell shows: a filter, or a channel of a layer. */
export interface SheetCell {
  /** The filter's name, or the channel's number with its name where the model gives it one. */
  readonly label: string;
  /** The filter's layer and channels, or how strongly the channel answers. */
  readonly detail: string;
  readonly layer: string;
  /** What is dreamed, below the sheet's own options. */
  readonly dream: Variation;
  /** What draws it better from noise, above that and below the sheet's own options. */
  readonly fromNoise: Preset;
}

/** Noise has nothing in it that helps: in 10 steps a dream of it is faint. */
const STEPS_FROM_NOISE = 20;

/** The same with more steps, where they are not told octave by octave. */
function fromNoise({ iterations }: Preset): Preset {
  return typeof iterations === 'object' ? {} : { iterations: Math.max(iterations ?? 0, STEPS_FROM_NOISE) };
}

/**
 * What draws a channel of a network of which nothing is known: the plain gradient of real ones is mostly fine grain; smoothed,
 * and with a few more steps, it shows the motif, also in a picture [seen, Inception v3 and SqueezeNet].
 */
const CHANNEL_PRESET: Preset = { iterations: 16, normalize: 'smooth' };

function channelWays({ defaultOptions }: Dreamer): Pick<SheetCell, 'fromNoise'> & { readonly over: Preset } {
  const { iterations, step, normalize } = defaultOptions;
  // A model that says only something else, as `livedream models add` writes it, was not tried out.
  const known = [iterations, step, normalize].some((value) => value !== undefined);
  return known ? { over: {}, fromNoise: fromNoise(defaultOptions) } : { over: CHANNEL_PRESET, fromNoise: {} };
}

function channelsText({ channel, channels }: Filter): string {
  const all = channels ?? (channel === undefined ? [] : [channel]);
  return all
    .map((each) => (typeof each === 'object' ? `${each.channel}${weightText(each.weight)}` : String(each)))
    .join(', ');
}

function weightText(weight: number | undefined): string {
  return weight === undefined || weight === 1 ? '' : ` × ${weight}`;
}

/** A cell for each filter, or for those named. Throws ERR_LIVEDREAM_FILTER_UNKNOWN, or a RangeError where there is none. */
export function filterCells(dreamer: Dreamer, names: readonly string[] | undefined): SheetCell[] {
  const filters = dreamer.filters();
  const chosen = names ?? Object.keys(filters);
  if (chosen.length === 0)
    throw optionRangeError('layer', `given, as the model '${dreamer.model}' has no filters to draw`, undefined);
  return chosen.map((name) => {
    const filter = findFilter(name, { filters });
    const channels = channelsText(filter);
    const detail = channels === '' ? filter.layer : `${filter.layer} · ${channels}`;
    const way = { dream: { filter: name }, fromNoise: fromNoise({ ...dreamer.defaultOptions, ...filter.options }) };
    return { label: name, detail, layer: nodeName(filter.layer), ...way };
  });
}

/**
 * How far each channel's strongest answer is above its mean, as the layer's channels deviate from theirs: neither loud layers nor
 * channels that always answer, or never, as classes do, count for that.
 */
function standouts(responses: readonly Response[]): number[] {
  const variance = responses.reduce((sum, { mean, meanSquare }) => sum + meanSquare - mean ** 2, 0) / responses.length;
  // Where the layer is a single point there is nothing to deviate.
  const unit = variance > 0 ? Math.sqrt(variance) : Number.POSITIVE_INFINITY;
  return responses.map(({ mean, most }) => (most - mean) / unit);
}

/** A channel with what it answers to the picture and to noise. */
export interface Answer {
  readonly channel: number;
  readonly over: number;
  readonly noise: number;
}

/** Channels by how strongly they answer at the place that answers most, to the picture and to noise together. */
export function ranked(over: readonly Response[], noise: readonly Response[]): Answer[] {
  const [toOver, toNoise] = [standouts(over), standouts(noise)];
  return over
    .map(({ channel }, index) => ({ channel, over: toOver[index] as number, noise: toNoise[index] as number }))
    .sort((one, other) => other.over + other.noise - (one.over + one.noise) || one.channel - other.channel);
}

export interface ChannelRequest {
  readonly layer: string;
  /** Only these, in their order. */
  readonly channels: readonly Channel[] | undefined;
  readonly over: RawPicture;
  readonly noise: RawPicture;
  /** Of the layer. */
  readonly leastSize: number;
  readonly signal: AbortSignal | undefined;
}

/** The most that pictures are brought to when they are answered to. */
const MOST_SIZE = 512;
const USUAL_SIZE = 224;

async function answersTo(dreamer: Dreamer, picture: RawPicture, request: ChannelRequest): Promise<Response[]> {
  const { layer, leastSize, signal } = request;
  const { width, height } = picture;
  const least = Math.ceil((leastSize * Math.max(width, height)) / Math.min(width, height));
  const size = Math.min(MOST_SIZE, Math.max(USUAL_SIZE, least));
  return dreamer.responses(layer, picture, { size, signal });
}

function chosenChannels(dreamer: Dreamer, layer: string, channels: readonly Channel[]): number[] {
  const names = { channelNames: { [layer]: dreamer.channelNames(layer) } };
  const most = dreamer.layers().find(({ name }) => name === layer)?.channels ?? 0;
  return channels.map((channel) => {
    const number = channelNumber(names, layer, channel);
    if (Number.isInteger(number) && number >= 0 && number < most) return number;
    const message = `Layer '${layer}' has channels 0 to ${most - 1}, not ${channel}.`;
    throw new LiveDreamError('ERR_LIVEDREAM_CHANNEL_RANGE', message);
  });
}

/** A cell for each channel, those first that answer most, or for those named. Rejects as `dreamer.responses` does. */
export async function channelCells(dreamer: Dreamer, request: ChannelRequest): Promise<SheetCell[]> {
  const { layer, channels, over, noise } = request;
  const chosen = channels && chosenChannels(dreamer, layer, channels);
  const answers = ranked(await answersTo(dreamer, over, request), await answersTo(dreamer, noise, request));
  const found = chosen?.map((number) => answers.find(({ channel }) => channel === number) as Answer) ?? answers;
  const names = dreamer.channelNames(layer);
  const { over: way, fromNoise } = channelWays(dreamer);
  return found.map((answer) => {
    const name = names[answer.channel];
    return {
      label: name === undefined ? `${answer.channel}` : `${answer.channel} ${name}`,
      detail: `noise ${answer.noise.toFixed(1)} · picture ${answer.over.toFixed(1)}`,
      layer,
      dream: { layer, channel: answer.channel, ...way },
      fromNoise,
    };
  });
}
