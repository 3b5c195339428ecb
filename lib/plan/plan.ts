import type { NativeMode, NativeOctave, NativePlan } from '../binding/native.js';
import { LiveDreamError, optionRangeError } from '../errors.js';
import type { Layer } from '../model/layer.js';
import type { Term } from '../model/terms.js';
import { engineOptions, type ResolvedDreamOptions, UNHELD } from '../options/dream-options.js';
import type { Size } from '../size.js';
import { checkMemory, type Held, twoFit } from './memory.js';
import { mostOctaves, octaveSizes, perOctave } from './octaves.js';
import { nativeTerms } from './terms.js';
import { cutInTiles } from './tiles.js';

export interface PlanRequest {
  readonly picture: Size;
  readonly options: ResolvedDreamOptions;
  /** Of each picture, which are of one size; all on the same layers. */
  readonly objectives: readonly (readonly Term[])[];
  /** Of all of them, the deepest. */
  readonly layer: Layer;
  readonly mode: NativeMode;
  readonly memoryLimit: number;
  /** Whether the dream is not everywhere. */
  readonly masked?: boolean;
  /** How many tiles of a picture are one batch at most; one where it is left out. */
  readonly batch?: number;
  /** Whether the number of octaves is nobody's wish: a small picture then has as many as it can. */
  readonly fewerOctaves?: boolean;
}

/** The smallest side that makes sense for a layer: it exists, and has at least one position of its own. */
function leastSide(layer: Layer): number {
  return Math.max(layer.leastSize, layer.stride, 8);
}

function checkSmallest({ picture, options, layer }: PlanRequest, octaves: readonly NativeOctave[]): void {
  const smallest = octaves[0] as NativeOctave;
  const least = leastSide(layer);
  if (Math.min(smallest.width, smallest.height) >= least) return;
  const most = mostOctaves(picture, options.octaveScale, least);
  const advice =
    most === 0
      ? `The picture is too small for this layer whatever the octaves.`
      : `With octaveScale ${options.octaveScale} it can have ${most} octave${most === 1 ? '' : 's'}.`;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_IMAGE_TOO_SMALL',
    `The smallest of ${octaves.length} octaves of a ${picture.width} x ${picture.height} picture is ${smallest.width} x ${smallest.height}, and layer '${layer.name}' needs at least ${least} x ${least} pixels. ${advice}`,
  );
}

function octavesFor({ picture, options, layer, fewerOctaves }: PlanRequest): Size[] {
  const { octaves, octaveScale } = options;
  const possible = fewerOctaves ? Math.max(1, mostOctaves(picture, octaveScale, leastSide(layer))) : octaves;
  return octaveSizes(picture, Math.min(octaves, possible), octaveScale);
}

function checkChannels(terms: readonly Term[], layer: Layer): void {
  const channels = terms.flatMap((term) =>
    term.kind === 'channels' && term.layer === layer.name ? term.channels : [],
  );
  for (const { channel } of channels) {
    if (channel < layer.channels) continue;
    throw new LiveDreamError(
      'ERR_LIVEDREAM_CHANNEL_RANGE',
      `Layer '${layer.name}' has channels 0 to ${layer.channels - 1}, not ${channel}.`,
    );
  }
}

/** Of a picture that wraps, in pixels; deep layers, which see further, have two of their positions. */
const LEAST_MARGIN = 16;

/** As native/dream/hold.cc has it. */
export function heldBy({
  options: { limit, keepColour, blend, l2 },
  objectives,
  masked: mask = false,
}: Pick<PlanRequest, 'options' | 'objectives' | 'masked'>): Held {
  const keeps = limit < UNHELD.limit || keepColour !== UNHELD.keepColour || blend > 0 || l2 > 0;
  const regions = new Set((objectives[0] ?? []).flatMap(({ region }) => region ?? [])).size;
  return { source: mask || keeps, mask, regions };
}

/** From checked options to what the engine runs. Throws where this picture, layer and memory do not go together. */
export function makePlan(request: PlanRequest): NativePlan {
  const { options, objectives, layer, mode, memoryLimit, batch = 1 } = request;
  for (const objective of objectives) checkChannels(objective, layer);
  const margin = options.tileable ? Math.max(LEAST_MARGIN, 2 * layer.stride) : 0;
  const cut = { tileSize: options.tileSize, pictures: objectives.length, batch, margin };
  const octaves = octavesFor(request).map((size) => cutInTiles(size, cut));
  checkSmallest(request, octaves);
  const held = heldBy(request);
  checkMemory(octaves, layer, memoryLimit, held);
  return {
    ...engineOptions(options),
    iterations: perOctave('iterations', options, octaves.length),
    step: perOctave('step', options, octaves.length),
    objectives: objectives.map((terms) => nativeTerms(terms, options)),
    octaves,
    mode,
    prefetch: mode.xla && twoFit(octaves, layer, memoryLimit, held),
    output: options.depth,
  };
}

/** The same with smaller batches of tiles, where these need more memory than the limit lets. */
export function planWithin(request: PlanRequest): NativePlan {
  try {
    return makePlan(request);
  } catch (error) {
    const { batch = 1 } = request;
    const tooLarge = error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_IMAGE_TOO_LARGE';
    if (!tooLarge || batch === 1) throw error;
    return planWithin({ ...request, batch: Math.floor(batch / 2) });
  }
}

/** As many as an option may say, so that parameters are options. */
const MOST_TILES = 32;

/**
 * The same for terms with masks, which look over all tiles at once: `batch` is how many that may be. Throws a RangeError where there
 * are more.
 */
export function regionalPlan(request: PlanRequest): NativePlan {
  const { options, batch = MOST_TILES } = request;
  const plan = makePlan({ ...request, batch });
  const tiles = Math.max(...plan.octaves.map(({ rows, columns }) => rows * columns));
  if (plan.octaves.every(({ rows, columns, batch }) => batch === rows * columns)) return plan;
  const most = batch === 1 ? 'one tile' : `${batch} tiles`;
  const wanted = `so large that the picture is at most ${most}, not ${tiles}, where terms have masks`;
  throw optionRangeError('tileSize', wanted, options.tileSize);
}

/** Which part of the whole dream's work is done, by pixels. */
export function fractionDone(plan: NativePlan, octave: number, iteration: number): number {
  const work = plan.octaves.map(({ width, height }, index) => width * height * (plan.iterations[index] as number));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const here = ((work[octave] ?? 0) * iteration) / (plan.iterations[octave] ?? 1);
  return Math.min(1, (sum(work.slice(0, octave)) + here) / sum(work));
}
