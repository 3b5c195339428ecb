import { optionRangeError } from '../errors.js';
import type { GivenOptions, OptionTable, ResolvedOptions } from './description.js';
import { DREAM_OPTIONS, type DreamOptions } from './dream-options.js';
import { OBJECTIVE_OPTIONS, type ObjectiveOptions } from './objective.js';
import { refuseUnknown } from './read.js';

/** How the frames of a stream hang together; what each is dreamed with, DREAM_OPTIONS say. */
export const STREAM_OPTIONS = {
  coherence: {
    kind: 'boolean',
    default: true,
    flag: '--no-coherence',
    about: "Carry each frame's dream along to the next by optical flow; without it every frame is dreamed by itself.",
  },
  blend: {
    kind: 'number',
    default: 0.9,
    least: 0,
    most: 1,
    flag: '--blend <x>',
    about: 'How much of what was carried along stays as it is: less is livelier, more is calmer.',
  },
  strength: {
    kind: 'number',
    default: 1,
    least: 0,
    above: true,
    most: 20,
    flag: '--strength <x>',
    about:
      'How far the dream may go in the course of the stream, in that of its first frame by itself. Above 1 a few steps a frame grow to a strong dream.',
  },
  sceneCut: {
    kind: 'number',
    default: 0.35,
    least: 0,
    most: 1,
    flag: '--scene-cut <x>',
    about: 'Begin anew where less than this share of the picture is known from the frame before; 0 never does.',
  },
  dropLate: {
    kind: 'boolean',
    default: false,
    about: 'Dream the newest frame and drop those that came while the one before was dreamed.',
  },
  together: {
    kind: 'boolean',
    default: false,
    about:
      'Dream small frames side by side with those of other streams of the same options that say so too, which is faster. How sums are rounded then hangs on what others do, and shifts are those of one of them.',
  },
  targetFps: {
    kind: 'number',
    default: undefined,
    otherwise: 'as fast as it goes, by the options given',
    least: 0.1,
    most: 240,
    unit: 'frames a second',
    flag: '--target-fps <x>',
    about:
      'Take fewer iterations, then fewer octaves, then a smaller picture, as far as it needs to reach this rate, and more again where there is time.',
  },
  preset: {
    kind: 'choice',
    default: 'film',
    choices: ['film', 'live'],
    flag: '--preset <name>',
    about:
      "'film': the options of the filter. 'live': 2 octaves of 2 iterations that grow to a dream over some frames, for cameras.",
  },
} as const satisfies OptionTable;

/** What the preset 'live' says, below what is given and above the filter: DREAM_OPTIONS and STREAM_OPTIONS. */
export const LIVE_PRESET = { octaves: 2, iterations: 2, strength: 4 } as const;

export type StreamTable = typeof STREAM_OPTIONS;
export type ResolvedStreamOptions = ResolvedOptions<StreamTable>;

/** What each frame is dreamed with; `blend` is a stream's own. */
export type FrameOptions = Omit<GivenOptions<typeof DREAM_OPTIONS>, 'page' | 'blend' | 'tileable'> & ObjectiveOptions;

export type StreamValues = FrameOptions & GivenOptions<StreamTable>;

const { coherence, blend, strength, sceneCut } = STREAM_OPTIONS;

/** Those of the stream that may change while it runs. */
export const COHERENCE_OPTIONS = { coherence, blend, strength, sceneCut } as const;

/** What may change from one frame to the next. */
export type ChangedOptions = FrameOptions & GivenOptions<typeof COHERENCE_OPTIONS>;

/** Apart what is said of the stream and what of its frames. Throws a RangeError for an option that neither has. */
export function splitStreamValues(given: StreamValues): {
  readonly stream: GivenOptions<StreamTable>;
  readonly frame: FrameOptions;
} {
  const names = Object.keys(STREAM_OPTIONS);
  const { tileable, mask } = Object(given) as Pick<DreamOptions, 'tileable' | 'mask'>;
  if (mask !== undefined) throw optionRangeError('mask', 'left out of a stream, whose pictures move', mask);
  if (tileable) throw optionRangeError('tileable', 'left out of a stream, whose frames have edges', tileable);
  if (typeof given === 'object' && given !== null)
    refuseUnknown(given, [...names, ...Object.keys(DREAM_OPTIONS), ...OBJECTIVE_OPTIONS]);
  const entries = Object.entries(given);
  return {
    stream: Object.fromEntries(entries.filter(([name]) => names.includes(name))),
    frame: Object.fromEntries(entries.filter(([name]) => !names.includes(name))) as FrameOptions,
  };
}

/** Options with some of them changed; who says what to dream of says all of it. */
export function changed<Options extends FrameOptions>(before: Options, change: Options): Options {
  const objective = OBJECTIVE_OPTIONS.some((name) => change[name] !== undefined);
  const kept = Object.entries(before).filter(
    ([name]) => !objective || !(OBJECTIVE_OPTIONS as readonly string[]).includes(name),
  );
  return { ...Object.fromEntries(kept), ...change } as Options;
}
