import type { Dreamer } from '../dreamer.js';
import { LiveDreamError, optionTypeError } from '../errors.js';
import type { GivenOptions, OptionTable, ResolvedOptions } from '../options/description.js';
import { DREAM_OPTIONS } from '../options/dream-options.js';
import { ENCODE_OPTIONS } from '../options/encode-options.js';
import { refuseTermMasks } from '../options/mask-terms.js';
import { OBJECTIVE_OPTIONS } from '../options/objective.js';
import { withPresets } from '../options/preset.js';
import { readOptions, refuseUnknown } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import type { ServiceLimits } from '../options/serve-options.js';
import { COHERENCE_OPTIONS, LIVE_PRESET, STREAM_OPTIONS, type StreamValues } from '../options/stream-options.js';
import { checkWork } from './dreams.js';
import { refuseGuides } from './term-pictures.js';

const { octaves, octaveScale, iterations, step, normalize, sigma, chroma, equalize, keepRange, jitter, seed } =
  DREAM_OPTIONS;

/** What a live client may say of how frames are dreamed, beside what is dreamed of. */
const FRAME_OPTIONS = {
  ...{ octaves, octaveScale, iterations, step, normalize, sigma, chroma, equalize, keepRange, jitter, seed },
} as const satisfies OptionTable;

/** And of how they hang together. */
const RUNNING_OPTIONS = { ...COHERENCE_OPTIONS, targetFps: STREAM_OPTIONS.targetFps } as const satisfies OptionTable;

const NAMES = [...Object.keys(FRAME_OPTIONS), ...Object.keys(RUNNING_OPTIONS), ...OBJECTIVE_OPTIONS];

/** How dreamed frames go back. */
export const SHOWN_OPTIONS = {
  format: { kind: 'choice', default: 'jpeg', choices: ['jpeg', 'webp', 'png'], about: '' },
  quality: { ...ENCODE_OPTIONS.quality, default: 80 },
  size: { kind: 'integer', default: 320, least: 8, most: 65_536, about: '' },
} as const satisfies OptionTable;

export type LiveShown = ResolvedOptions<typeof SHOWN_OPTIONS>;

/** All that a client has said so far. */
export interface LiveOptions {
  readonly given: StreamValues;
  readonly shown: LiveShown;
}

/** A message of type 'options'; what it leaves out stays, and null takes an option back. */
export interface OptionsMessage extends GivenOptions<typeof SHOWN_OPTIONS> {
  readonly options?: unknown;
}

export const LIVE_DEFAULTS: LiveOptions = { given: {}, shown: readOptions(SHOWN_OPTIONS, {}) };

/** A scale in steps of a tenth: every other makes octaves of other sizes, and so programs of their own. */
function stepped(values: Record<string, unknown>): Record<string, unknown> {
  const { octaveScale: scale } = values;
  if (typeof scale !== 'number') return values;
  return { ...values, octaveScale: Math.max(1.1, Math.round(scale * 10) / 10) };
}

/** Options that were there with those that are said now; who says what to dream of says all of it. */
function mixed(before: object, said: object): StreamValues {
  const objective = OBJECTIVE_OPTIONS.some((name) => name in said);
  const kept = Object.entries(before).filter(
    ([name]) => !objective || !(OBJECTIVE_OPTIONS as readonly string[]).includes(name),
  );
  const all = Object.entries({ ...Object.fromEntries(kept), ...said }).filter(([, value]) => value !== null);
  return Object.fromEntries(all) as StreamValues;
}

/**
 * What holds after a client's message. Throws what is wrong with it as TypeError or RangeError; what the model does not have is told by
 * `checkLive`.
 */
export function readLive(before: LiveOptions, message: OptionsMessage, limits: ServiceLimits): LiveOptions {
  const { options = {}, ...shown } = message;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw optionTypeError('options', 'an object', options);
  refuseUnknown(options, NAMES);
  const given = mixed(before.given, options);
  const { frame, running } = parted(given);
  readOptions(RUNNING_OPTIONS, running);
  refuseGuides(frame);
  refuseTermMasks(readDreamOptions(frame).objective, 'a stream, whose pictures move');
  checkWork(frame, limits);
  return {
    given: mixed({}, stepped(given as Record<string, unknown>)),
    shown: readOptions(SHOWN_OPTIONS, { ...before.shown, ...shown }),
  };
}

function parted(given: StreamValues): { readonly frame: StreamValues; readonly running: StreamValues } {
  const ofStream = ([name]: [string, unknown]): boolean => Object.hasOwn(RUNNING_OPTIONS, name);
  const entries = Object.entries(given);
  return {
    frame: Object.fromEntries(entries.filter((entry) => !ofStream(entry))),
    running: Object.fromEntries(entries.filter(ofStream)),
  };
}

/** Rejects with what the model does not have: a filter, a layer, a channel. */
export async function checkLive(dreamer: Dreamer, { given }: LiveOptions): Promise<void> {
  // Of no sizes: nothing is compiled, but all is resolved.
  await dreamer.warmUpStream([], { ...given, preset: 'live' });
  const layer = dreamer.layers().find(({ name }) => name === given.layer);
  const asked = [given.channel, ...(given.channels ?? [])].map((each) =>
    typeof each === 'object' ? each.channel : each,
  );
  // Else told by the frame that it fails at.
  const beyond = asked.find((each) => layer && typeof each === 'number' && each >= layer.channels);
  if (!layer || beyond === undefined) return;
  const what = `Layer '${layer.name}' has channels 0 to ${layer.channels - 1}, not ${beyond}.`;
  throw new LiveDreamError('ERR_LIVEDREAM_CHANNEL_RANGE', what);
}

/** Every option as it counts, as JSON has it: the client's over the preset's, the filter's, the model's. */
export function optionsInForce(dreamer: Dreamer, { given }: LiveOptions): Record<string, unknown> {
  const { frame, running } = parted(given);
  const { octaves, iterations, strength } = LIVE_PRESET;
  const filter = frame.filter === undefined ? undefined : dreamer.filters()[frame.filter];
  const over = withPresets({ octaves, iterations, ...frame }, filter?.options, dreamer.defaultOptions);
  const { options } = readDreamOptions(over);
  const dreamt = Object.keys(FRAME_OPTIONS).map((name) => [name, options[name as keyof typeof FRAME_OPTIONS]]);
  const objective = OBJECTIVE_OPTIONS.map((name) => [name, frame[name]]);
  return {
    ...Object.fromEntries([...dreamt, ...objective]),
    ...readOptions(RUNNING_OPTIONS, { strength, ...running }),
    seed: String(options.seed),
  };
}

/** What decides which programs frames of these options need, but for their size. */
export function programsKey(dreamer: Dreamer, { given }: LiveOptions): string {
  const { octaves, octaveScale, iterations, normalize, sigma, chroma, equalize, keepRange, jitter, targetFps } = given;
  const { filter, layer, channel, channels, objective } = given;
  // Only programs of compiled loops know how many iterations there are, and of a name the layer.
  const steps = dreamer.loop.includes('compiled') || targetFps !== undefined ? iterations : undefined;
  const named = [channel, ...(channels ?? [])].filter((each) => typeof each !== 'number');
  const coloured = chroma === undefined ? undefined : chroma !== 1;
  const facts = [octaves, octaveScale, steps, normalize, sigma, coloured, equalize, keepRange, jitter, targetFps];
  // Of a sum the weights, too, which are no part of a program: a client that moves them is taken to build programs.
  return JSON.stringify([...facts, filter, layer, layer === undefined ? named : [], objective]);
}

/** ERR_LIVEDREAM_MESSAGE_UNREADABLE. */
export function unreadableMessage(what: string): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_MESSAGE_UNREADABLE', what);
}
