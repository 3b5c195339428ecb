import type { NativeOctave } from '../binding/native.js';
import type { Size } from '../size.js';

function cut(side: number, tileSize: number): { count: number; tile: number } {
  const count = Math.ceil(side / tileSize);
  return { count, tile: Math.ceil(side / count) };
}

/**
 * Equal tiles that cover the picture with the least overlap; one tile of its own size where it is no larger than `tileSize`.
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
