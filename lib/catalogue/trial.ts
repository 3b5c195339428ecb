import path from 'node:path';
import sharp from 'sharp';
import packageRoot from '#package-root';
import type { Dreamer } from '../dreamer.js';
import type { ErrorCode } from '../error-codes.js';
import { LiveDreamError } from '../errors.js';
import type { RawPicture } from '../image/source.js';
import type { Layer } from '../model/layer.js';
import type { Response } from '../responses.js';
import type { PreprocessingCandidate } from './preprocessing.js';

const PICTURE = path.join(packageRoot, 'docs/images/sample.jpg');
const SIDE = 320;
/** Spread over the depth: a wrong mean shows in the first layers, a wrong scale in the last. */
const LAYERS = 12;
const FEWEST_LAYERS = 3;
/** Of its own root mean square: a channel that varies less over the picture sees its bias and not the picture. */
const FLAT = 0.15;

export interface Tried {
  readonly candidate: PreprocessingCandidate;
  /** The share of channels that see nothing in the picture, on average over the layers. */
  readonly idle: number;
}

export interface Trial {
  readonly tried: readonly Tried[];
  readonly layers: readonly string[];
}

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))] as T,
  );
}

/** Activations, and what has them as its last step: their channels are silent where nothing fits. */
function trialLayers(layers: readonly Layer[]): Layer[] {
  const small = layers.filter(({ head, leastSize, stride }) => !head && leastSize <= SIDE && stride <= SIDE / 4);
  const activations = small.filter(({ beforeActivation, op }) => beforeActivation !== undefined && !/Pool/.test(op));
  return spread(activations.length >= FEWEST_LAYERS ? activations : small, LAYERS);
}

/** A channel that is silent everywhere, or answers everywhere alike. */
function isIdle({ mean, most, meanSquare }: Response): boolean {
  // Neither holds of what is not a number.
  return !(most > 0 && meanSquare - mean * mean >= FLAT * FLAT * meanSquare);
}

async function samplePicture(): Promise<Buffer> {
  return sharp(PICTURE).resize(SIDE, SIDE, { fit: 'cover' }).removeAlpha().toColourspace('srgb').raw().toBuffer();
}

/** The picture as the network would get it, for a model that is loaded without any preprocessing of its own. */
function prepared(picture: Buffer, { preprocessing }: PreprocessingCandidate): RawPicture {
  const { channelOrder, mean, scale } = preprocessing;
  const means = typeof mean === 'number' ? [mean, mean, mean] : mean;
  const data = Float32Array.from(picture, (_, index) => {
    const channel = index % 3;
    const from = channelOrder === 'rgb' ? index : index - channel + (2 - channel);
    return ((picture[from] as number) - (means[channel] as number)) * scale;
  });
  return { data, width: SIDE, height: SIDE, channels: 3 };
}

export interface TrialWatch {
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((done: number, total: number) => void) | undefined;
}

/** What only the one layer is to blame for, such as one that is there for pictures of one size alone. */
const LAYERS_OWN: readonly ErrorCode[] = [
  'ERR_LIVEDREAM_TENSORFLOW',
  'ERR_LIVEDREAM_MODEL_UNREADABLE',
  'ERR_LIVEDREAM_IMAGE_TOO_SMALL',
  'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
];

/** The share of idle channels of a layer for each picture; undefined where the layer cannot be shown them. */
async function idleShares(
  dreamer: Pick<Dreamer, 'responses'>,
  layer: string,
  pictures: readonly RawPicture[],
  { signal, step }: { readonly signal: AbortSignal | undefined; readonly step: (shown: number) => void },
): Promise<number[] | undefined> {
  const shares: number[] = [];
  try {
    // A layer's program serves all of them.
    for (const picture of pictures) {
      const channels = await dreamer.responses(layer, picture, { size: SIDE, signal });
      shares.push(channels.filter(isIdle).length / channels.length);
      step(shares.length);
    }
    return shares;
  } catch (error) {
    if (error instanceof LiveDreamError && LAYERS_OWN.includes(error.code)) return undefined;
    throw error;
  }
}

/**
 * Shows a picture to a network in each of the ways, and counts the channels that see nothing in it. Trained channels each look for
 * something: prepared rightly, a rich picture wakes nearly all of them. Too small an input leaves a network with its biases;
 * too large or shifted, whole channels fall silent behind their activation.
 * @param dreamer a model loaded with mean 0 and scale 1, in RGB
 */
export async function tryCandidates(
  dreamer: Pick<Dreamer, 'responses'>,
  layers: readonly Layer[],
  candidates: readonly PreprocessingCandidate[],
  { signal, onStep }: TrialWatch = {},
): Promise<Trial> {
  const chosen = trialLayers(layers);
  const picture = await samplePicture();
  const pictures = candidates.map((candidate) => prepared(picture, candidate));
  const shares: number[][] = [];
  const names: string[] = [];
  for (const { name } of chosen) {
    const done = names.length * candidates.length;
    const step = (shown: number): void => onStep?.(done + shown, chosen.length * candidates.length);
    const found = await idleShares(dreamer, name, pictures, { signal, step });
    if (found === undefined) continue;
    shares.push(found);
    names.push(name);
  }
  const mean = (index: number): number =>
    shares.reduce((sum, each) => sum + (each[index] as number) / shares.length, 0);
  return { tried: candidates.map((candidate, index) => ({ candidate, idle: mean(index) })), layers: names };
}
