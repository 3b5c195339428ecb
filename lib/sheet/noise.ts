import type { RawPicture } from '../image/source.js';

/** How many pixels wide the grains are, and how far they move a value of 0..255 from grey. */
const GRAINS = [
  { grain: 16, strength: 8 },
  { grain: 6, strength: 8 },
  { grain: 2, strength: 6 },
  { grain: 1, strength: 4 },
] as const;
const GREY = 118;

/** -1..1, of a point of a lattice: the same on every machine. */
function lattice(x: number, y: number, seed: number): number {
  let hash = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 31 - 1;
}

const smooth = (t: number): number => t * t * (3 - 2 * t);

function between(x: number, y: number, seed: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [smooth(x - column), smooth(y - row)];
  const mix = (from: number, to: number, amount: number): number => from + (to - from) * amount;
  const above = mix(lattice(column, row, seed), lattice(column + 1, row, seed), across);
  const below = mix(lattice(column, row + 1, seed), lattice(column + 1, row + 1, seed), across);
  return mix(above, below, down);
}

/**
 * Where dreams of nothing start: grey with a little coloured noise, coarse and fine, so that every octave finds something to
 * begin with and none of it is left in the dream.
 */
export function noisePicture(width: number, height: number, seed: bigint): RawPicture {
  const data = new Uint8Array(width * height * 3);
  const start = Number(BigInt.asUintN(31, seed));
  for (let index = 0; index < data.length; index += 1) {
    const colour = index % 3;
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / (3 * width));
    let value = GREY;
    for (const { grain, strength } of GRAINS)
      value += strength * between(x / grain, y / grain, start * 64 + grain * 4 + colour);
    data[index] = Math.round(value);
  }
  return { data, width, height, channels: 3 };
}
