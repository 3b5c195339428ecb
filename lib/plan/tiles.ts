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
 * A gradient program takes one tile at a time: on a CPU a batch is no faster, and it costs its memory. Several pictures are
 * one batch.
 */
export function cutInTiles({ width, height }: Size, tileSize: number, pictures = 1): NativeOctave {
  // Several pictures are a batch themselves, and none of them is cut.
  const side = pictures > 1 ? Math.max(width, height) : tileSize;
  const rows = cut(height, side);
  const columns = cut(width, side);
  return {
    pictures,
    width,
    height,
    rows: rows.count,
    columns: columns.count,
    tileHeight: rows.tile,
    tileWidth: columns.tile,
    batch: pictures,
  };
}
