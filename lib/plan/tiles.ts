import type { NativeOctave } from '../binding/native.js';
import type { Size } from '../size.js';

/**
 * Tiles come in steps of this side, so that pictures of many sizes share the programs of a few tiles. Large ones come in the finer
 * one where more than this part of a side would be computed twice, as a dream is to cost what its pixels cost; small ones, which
 * save memory and not time, do not.
 */
const TILE_STEPS = { coarse: 16, fine: 8 };
const MOST_TWICE = 0.03;
const LARGE = 128;

function cut(side: number, tileSize: number): { count: number; tile: number } {
  const count = Math.ceil(side / tileSize);
  const least = Math.ceil(side / count);
  if (count === 1) return { count, tile: least };
  const inSteps = (step: number): number => Math.min(tileSize, Math.ceil(least / step) * step);
  const coarse = inSteps(TILE_STEPS.coarse);
  const isFine = least >= LARGE && count * coarse > (1 + MOST_TWICE) * side;
  return { count, tile: isFine ? inSteps(TILE_STEPS.fine) : coarse };
}

/** As many of so many tiles as can be in batches of one size: the largest divisor up to `most`. */
export function equalBatch(tiles: number, most: number): number {
  let batch = Math.min(tiles, most);
  while (tiles % batch > 0) batch -= 1;
  return batch;
}

export interface Cut {
  readonly tileSize: number;
  /** Several pictures are a batch themselves, and none of them is cut. */
  readonly pictures?: number;
  /** How many tiles of one picture a gradient program takes at most. */
  readonly batch?: number;
  /**
   * How much of its other side a picture that wraps is to have beyond each edge. Of several tiles none has it: a picture's edge is
   * a tile's, which jitter moves about.
   */
  readonly margin?: number;
}

/**
 * Equal tiles that cover the picture with little overlap; one tile of its own size where it is no larger than `tileSize`.
 */
export function cutInTiles(
  { width, height }: Size,
  { tileSize, pictures = 1, batch = 1, margin = 0 }: Cut,
): NativeOctave {
  const side = pictures > 1 ? Math.max(width, height) : tileSize;
  const rows = cut(height, side);
  const columns = cut(width, side);
  const around = rows.count * columns.count > 1 ? 0 : Math.min(margin, Math.floor(Math.min(width, height) / 2));
  return {
    pictures,
    width,
    height,
    rows: rows.count,
    columns: columns.count,
    tileHeight: rows.tile + 2 * around,
    tileWidth: columns.tile + 2 * around,
    ...(around === 0 ? {} : { margin: around }),
    batch: pictures > 1 ? pictures : equalBatch(rows.count * columns.count, batch),
  };
}
