import os from 'node:os';
import type { NativeOctave } from '../binding/native.js';
import { LiveDreamError } from '../errors.js';
import type { Layer } from '../model/layer.js';

/**
 * Bytes a pixel of the whole picture: float32 RGB (12 bytes) for the picture, its details of all octaves (2), the rolled and
 * the moved copy and the gradient of a step (4), and resizing (1), and the bytes in and out (2 x 3).
 */
const PICTURE_BYTES = 12 * 8 + 6;

/** What a dream is held to, in every octave: native/dream/hold.h. */
export interface Held {
  /** Whether what becomes of the picture is compared with what it was, as a mask, a limit and `blend` have it. */
  readonly source: boolean;
  readonly mask: boolean;
  /** Masks of terms. */
  readonly regions: number;
}

export const UNHELD_MEMORY: Held = { source: false, mask: false, regions: 0 };

/**
 * Bytes a pixel of the whole picture for what a dream is held to: the picture as it was in all octaves (2), and both of them where the
 * finished one is compared with it (2) [measured: 48]; a mask as float32 in all octaves (2) and as bytes (2) [measured: 8]. What each
 * mask of a term takes is measured: beside the same it is rolled, cut in tiles and brought to the layer's positions.
 */
const SOURCE_BYTES = 12 * 4;
const MASK_BYTES = 4 * 2 + 2;
const REGION_BYTES = 42;

const heldBytes = ({ source, mask, regions }: Held): number =>
  (source ? SOURCE_BYTES : 0) + (mask ? MASK_BYTES : 0) + regions * REGION_BYTES;

function octaveBytes(octave: NativeOctave, layer: Layer, held: Held): number {
  const { pictures, width, height, tileWidth, tileHeight, batch } = octave;
  const picture = PICTURE_BYTES + heldBytes(held);
  return pictures * width * height * picture + batch * tileWidth * tileHeight * layer.bytesPerPixel;
}

/** The memory that a dream needs at its largest, in bytes, beyond the network itself. An estimate, on the safe side. */
export function memoryNeeded(octaves: readonly NativeOctave[], layer: Layer, held: Held = UNHELD_MEMORY): number {
  return Math.max(...octaves.map((octave) => octaveBytes(octave, layer, held))) + layer.fixedBytes;
}

/** The same where a step of any two octaves may run at once, as when later ones are compiled beside earlier ones. */
export function memoryOfTwo(octaves: readonly NativeOctave[], layer: Layer, held: Held = UNHELD_MEMORY): number {
  const [largest = 0, next = 0] = octaves.map((octave) => octaveBytes(octave, layer, held)).sort((a, b) => b - a);
  return largest + next + 2 * layer.fixedBytes;
}

/**
 * Cores that a machine must have for compiling later octaves beside earlier ones: XLA makes machine code on all cores, so that on
 * two of them it costs an eighth more of their time and saves next to none. docs/performance-cache.md
 */
const LEAST_CORES = 4;

/** Whether memory and cores allow a step of any two octaves at once. */
export function twoFit(octaves: readonly NativeOctave[], layer: Layer, limit: number, held: Held): boolean {
  return os.availableParallelism() >= LEAST_CORES && memoryOfTwo(octaves, layer, held) <= limit;
}

/** What a GPU's own memory leaves for a dream beside the network, the runtime and fragments. */
const GPU_SHARE = 0.8;

/**
 * Half of what the machine, or the container where that has a limit, may use; on a GPU most of the card's memory.
 * @param gpuBytes what TensorFlow may use of the GPU, where the dream is on one
 */
export function defaultMemoryLimit(gpuBytes?: number): number {
  if (gpuBytes !== undefined) return Math.floor(gpuBytes * GPU_SHARE);
  // 0 or undefined without a limit; Node 20.0 to 20.11 lack the function
  const constrained = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return Math.floor(Math.min(constrained, os.totalmem()) / 2);
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** Throws ERR_LIVEDREAM_IMAGE_TOO_LARGE. */
export function checkMemory(octaves: readonly NativeOctave[], layer: Layer, limit: number, held: Held): void {
  const needed = memoryNeeded(octaves, layer, held);
  if (needed <= limit) return;
  const { width, height } = octaves[octaves.length - 1] as NativeOctave;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
    `A dream of ${width} x ${height} pixels on '${layer.name}' needs about ${mebibytes(needed)}, and the memory limit is ${mebibytes(limit)}.`,
  );
}
