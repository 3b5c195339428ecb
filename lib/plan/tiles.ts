import type { NativeOctave } from '../binding/native.js';
import type { Size } from '../size.js';

/** Tiles come in steps of this side, so that pictures of many sizes share the programs of a few tiles. */
const TILE_STEP = 16;

function cut(side: number, tileSize: number): { count: number; tile: number } {
  const count = Math.ceil(side / tileSize);
  const least = Math.ceil(side / count);
  const tile = count === 1 ? least : Math.min(tileSize, Math.ceil(least / TILE_STEP) * TILE_STEP);
  return { count, tile };
}

/**
 * Equal tiles that cover the picture with little overlap; one tile of its own size where it is no larger than `tileSize`.
 * A gradient program takes one tile at a time: on a CPU a batch is no faster, and it costs its memory.
 */
export function cutInTiles({ width, height }: Size, tileSize: number): NativeOctave {
  const rows = cut(height, tileSize);
  const columns = cut(width, tileSize);
  return {
    width,
    height,
    rows: rows.count,
    columns: columns.count,
    tileHeight: rows.tile,
    tileWidth: columns.tile,
    batch: 1,
  };
}
