import { type GivenOptions, MOST_OCTAVES, type OptionTable, type ResolvedOptions } from './description.js';
import type { Mask } from './mask.js';
import type { ObjectiveOptions } from './objective.js';

/** The options of one dream that are plain values. The algorithm's names are those of Google's DeepDream tutorial. */
export const DREAM_OPTIONS = {
  octaves: {
    kind: 'integer',
    default: 4,
    least: 1,
    most: MOST_OCTAVES,
    flag: '--octaves <n>',
    about:
      'How many sizes of the picture are dreamed, smallest first: more octaves, larger motifs. Left out, a small picture has fewer.',
  },
  octaveScale: {
    kind: 'number',
    default: 1.4,
    least: 1,
    above: true,
    most: 4,
    flag: '--octave-scale <x>',
    about: 'The ratio of one octave to the next.',
  },
  iterations: {
    kind: 'integer',
    perOctave: true,
    default: 10,
    least: 1,
    most: 10_000,
    flag: '--iterations <n,...>',
    about: 'Gradient-ascent steps in each octave: more is stronger.',
  },
  step: {
    kind: 'number',
    perOctave: true,
    default: 1.5,
    least: 0,
    above: true,
    most: 255,
    unit: 'of 255',
    flag: '--step <x,...>',
    about: 'How far one step moves a pixel on average.',
  },
  normalize: {
    kind: 'choice',
    engine: true,
    default: 'none',
    choices: ['none', 'laplacian', 'smooth'],
    flag: '--normalize <how>',
    about:
      "What becomes of the gradient before each step. 'laplacian': all scales grow alike (Google's tutorial); 'smooth': fine noise is smoothed away.",
  },
  sigma: {
    kind: 'number',
    engine: true,
    default: 1,
    least: 0.1,
    most: 20,
    unit: 'pixels',
    flag: '--sigma <x>',
    about: "How far normalize 'smooth' smooths: the mean of Gaussians of half, once and twice this deviation.",
  },
  chroma: {
    kind: 'number',
    engine: true,
    silent: true,
    default: 1,
    least: 0,
    most: 20,
    flag: '--chroma <x>',
    about:
      "How much further a step moves a pixel's colours from their mean than the gradient says: 2 to 4 bring out hues of networks that hardly mind them, 0 moves brightness alone.",
  },
  equalize: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'positions', 'channels'],
    flag: '--equalize <what>',
    about:
      "Of a whole layer: push every position, or every channel, as hard, so that the dream covers the picture instead of burning the few spots that answer most. 'none': the mean of squares.",
  },
  keepRange: {
    kind: 'boolean',
    engine: true,
    default: true,
    flag: '--no-keep-range',
    about: 'Keep steps from driving pixels to black or white, however strong the dream.',
  },
  keepColour: {
    kind: 'choice',
    engine: true,
    silent: true,
    default: 'none',
    choices: ['none', 'luminance', 'palette'],
    flag: '--keep-colour <how>',
    about:
      "'luminance': the dream's luminance with the picture's colours. 'palette': the dream's colours brought to the mean and covariance of the picture's.",
  },
  blend: {
    kind: 'number',
    engine: true,
    silent: true,
    default: 0,
    least: 0,
    most: 1,
    flag: '--blend <x>',
    about: 'The share of the picture itself in what comes of it.',
  },
  limit: {
    kind: 'integer',
    engine: true,
    silent: true,
    default: 255,
    least: 1,
    most: 255,
    unit: 'of 255',
    flag: '--limit <n>',
    about: 'How far a pixel may go from the picture at most, held in every step; 255 is as far as it wants.',
  },
  totalVariation: {
    kind: 'number',
    engine: true,
    silent: true,
    default: 0,
    least: 0,
    most: 100,
    flag: '--total-variation <x>',
    about: 'How strongly differences from pixel to pixel are held back: at 1 about as hard as the network pushes.',
  },
  l2: {
    kind: 'number',
    engine: true,
    silent: true,
    default: 0,
    least: 0,
    most: 100,
    flag: '--l2 <x>',
    about: 'How strongly pixels are drawn back to the picture: at 1, 32 levels away, as hard as the network pushes.',
  },
  tileable: {
    kind: 'boolean',
    engine: true,
    silent: true,
    default: false,
    flag: '--tileable',
    about: 'Dream as if the picture went on across its edges, so that it can be repeated without a seam.',
  },
  tileSize: {
    kind: 'integer',
    default: 512,
    least: 32,
    most: 8192,
    unit: 'pixels',
    flag: '--tile <n>',
    about: 'Larger pictures are dreamed in equal tiles of at most this side.',
  },
  batch: {
    kind: 'integer',
    default: undefined,
    otherwise: 'what was measured to be fastest',
    least: 1,
    most: 32,
    flag: '--batch <n>',
    about:
      'How many small pictures, or tiles of a large one, are computed side by side at most. It decides how sums are rounded, so the same bytes need the same batch.',
  },
  jitter: {
    kind: 'boolean',
    engine: true,
    default: true,
    flag: '--no-jitter',
    about: 'Shift the picture at random before each step, so that tile borders never show.',
  },
  seed: {
    kind: 'seed',
    engine: true,
    default: 0n,
    flag: '--seed <n>',
    about: 'The seed of the shifts: same seed, same batch, same machine, same bytes.',
  },
  size: {
    kind: 'integer',
    default: undefined,
    otherwise: "the picture's own",
    least: 8,
    most: 65_536,
    unit: 'pixels',
    flag: '--size <n>',
    about: 'Resize the picture to this longest side before it is dreamed.',
  },
  page: {
    kind: 'integer',
    default: undefined,
    otherwise: 'animated pictures are refused',
    least: 0,
    most: 100_000,
    flag: '--page <n>',
    about: 'Which frame of an animated picture to dream, from 0.',
  },
  depth: {
    kind: 'choice',
    default: 'uint8',
    choices: ['uint8', 'float32'],
    about: "What the result's data is: bytes, or floats neither clipped nor rounded.",
  },
} as const satisfies OptionTable;

/** Progress of a dream, reported after a step; a busy event loop gets fewer reports, never late ones. */
export interface DreamProgress {
  /** From 0, the smallest. */
  readonly octave: number;
  readonly octaves: number;
  /** Steps done in this octave. */
  readonly iteration: number;
  readonly iterations: number;
  /** 0..1 of the whole dream's work, by pixels. */
  readonly fraction: number;
  /** The objective before the last step. */
  readonly objective: number;
}

/** A picture in the middle of its dream. */
export interface DreamPreview {
  readonly octave: number;
  readonly octaves: number;
  readonly iteration: number;
  readonly iterations: number;
  readonly fraction: number;
  /** RGB, of the octave's size: the first are small. What `dream` or sharp takes as raw pixels. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3;
}

export type DreamOptions = GivenOptions<typeof DREAM_OPTIONS> &
  ObjectiveOptions & {
    /** Where to dream and how strongly; left out everywhere. Where it is 0, the picture stays as it is, bit by bit. */
    readonly mask?: Mask | undefined;
    /** Cancels the dream within two steps; it then rejects with an `AbortError` of code ERR_LIVEDREAM_ABORTED. */
    readonly signal?: AbortSignal | undefined;
    /**
     * What it throws, or a promise that it returns rejects with, cancels the dream and is what the dream rejects with. Its
     * promises are awaited before the dream resolves.
     */
    readonly onProgress?: ((progress: DreamProgress) => unknown) | undefined;
    /**
     * The same with the picture as it then is, which is fetched for it. It is never called before the promise that it returned
     * has settled: who is slow gets fewer.
     */
    readonly onPreview?: ((preview: DreamPreview) => unknown) | undefined;
    /** The least time between two previews, in milliseconds: 500, if not said, at least 20. */
    readonly previewInterval?: number | undefined;
  };

export type ResolvedDreamOptions = ResolvedOptions<typeof DREAM_OPTIONS>;

type Table = typeof DREAM_OPTIONS;
type EngineOption = { [K in keyof Table]: Table[K] extends { readonly engine: true } ? K : never }[keyof Table];

/** The options that reach the engine as they are. */
export type EngineOptions = Pick<ResolvedDreamOptions, EngineOption>;

type OctaveOption = { [K in keyof Table]: Table[K] extends { readonly perOctave: true } ? K : never }[keyof Table];

/** The options that reach the engine as a list, a value for each octave. */
export type OctaveOptions = { readonly [K in OctaveOption]: readonly number[] };

const ENGINE_OPTIONS = Object.entries(DREAM_OPTIONS)
  .filter(([, description]) => 'engine' in description)
  .map(([name]) => name as EngineOption);

export function engineOptions(options: EngineOptions): EngineOptions {
  return Object.fromEntries(ENGINE_OPTIONS.map((name) => [name, options[name]])) as unknown as EngineOptions;
}

type SilentOption = { [K in EngineOption]: Table[K] extends { readonly silent: true } ? K : never }[EngineOption];

const { chroma, limit, keepColour, blend, totalVariation, l2, tileable } = DREAM_OPTIONS;

/** Of a dream that nothing holds to its picture: for plans that are made by hand. */
export const UNHELD: Pick<EngineOptions, SilentOption> = {
  chroma: chroma.default,
  limit: limit.default,
  keepColour: keepColour.default,
  blend: blend.default,
  totalVariation: totalVariation.default,
  l2: l2.default,
  tileable: tileable.default,
};

export const OTHER_DREAM_OPTIONS = ['mask', 'signal', 'onProgress', 'onPreview', 'previewInterval'] as const;
