import type { Size } from '../size.js';

/** How pictures and tiles are computed, as far as it decides whether batches pay. */
export interface Way {
  readonly device: string;
  readonly xla: boolean;
}

/** A batch of small pictures has at most the pixels of one tile of a large one, so that it costs no more memory. */
const BATCH_PIXELS = 512 * 512;
const MOST = 32;

/**
 * Above so many pixels no batch was ever faster: docs/performance-batches.md. There is nothing to be measured there. Of GPUs
 * nothing is known before it is measured.
 */
const PAYS_BELOW = { ordinaryCpu: BATCH_PIXELS / 2, xlaCpu: 112 * 112, gpu: Number.POSITIVE_INFINITY };

function paysBelow({ device, xla }: Way): number {
  if (device.startsWith('GPU')) return PAYS_BELOW.gpu;
  return xla ? PAYS_BELOW.xlaCpu : PAYS_BELOW.ordinaryCpu;
}

/** Whether a batch of tiles of this size may be faster than one after another. */
export function mayPay(way: Way, { width, height }: Size): boolean {
  return width * height <= paysBelow(way);
}

/** The batch where nothing was measured. */
export function guessedBatch(way: Way, tile: Size): number {
  if (!mayPay(way, tile)) return 1;
  return Math.max(1, Math.min(MOST, Math.floor(BATCH_PIXELS / (tile.width * tile.height))));
}

/** What is measured at most: on a CPU nothing is gained beyond, and a GPU may want more pixels at a time than one tile has. */
const MEASURED = { cpu: { batch: 16, pixels: BATCH_PIXELS }, gpu: { batch: MOST, pixels: 8 * BATCH_PIXELS } };

/** What is worth measuring, in this order. */
export function candidates(way: Way, tile: Size): number[] {
  const most = way.device.startsWith('GPU') ? MEASURED.gpu : MEASURED.cpu;
  const found = [1];
  if (!mayPay(way, tile)) return found;
  const pixels = tile.width * tile.height;
  for (let batch = 2; batch <= most.batch && batch * pixels <= most.pixels; batch *= 2) found.push(batch);
  return found;
}

/** Sizes that are alike enough to share a measurement: half as many pixels again are the next. */
export function sizeClass({ width, height }: Size): number {
  return Math.round(2 * Math.log2(width * height));
}
