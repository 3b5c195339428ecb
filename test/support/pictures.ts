import { existsSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import packageRoot from '#package-root';

/** Real networks and a photograph, on the machines that have them. */
export const SHARED = path.resolve(packageRoot, '../shared');
export const hasShared = existsSync(path.join(SHARED, 'models'));

const photograph = path.join(SHARED, 'images/pilatus800.jpg');
/** The project's own picture. */
export const SAMPLE = path.join(packageRoot, 'docs/images/sample.jpg');

/** RGB 0..255 of the photograph, or where there is none of the project's own sample, stretched to a size. */
export async function samplePicture(width: number, height: number): Promise<Float32Array> {
  const file = existsSync(photograph) ? photograph : SAMPLE;
  const image = sharp(file).toColourspace('srgb').removeAlpha().resize(width, height, { fit: 'fill' });
  return Float32Array.from(await image.raw().toBuffer());
}

/** An integer hash: the same on every machine. */
function hash(...values: readonly number[]): number {
  let mixed = 0x9e3779b9;
  for (const value of values) {
    mixed = Math.imul(mixed ^ value, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed >>> 0;
}

const GRAINS = [32, 16, 8, 4, 2];
const CONTRAST = GRAINS.reduce((sum, grain) => sum + grain, 0);

/** Random values on a grid, joined smoothly; 0..1. */
function valueNoise(x: number, y: number, grain: number, seed: number): number {
  const [column, row] = [Math.floor(x / grain), Math.floor(y / grain)];
  const smooth = (t: number): number => t * t * (3 - 2 * t);
  const [along, down] = [smooth(x / grain - column), smooth(y / grain - row)];
  const corner = (i: number, j: number): number => hash(column + i, row + j, grain, seed) / 2 ** 32;
  const above = corner(0, 0) * (1 - along) + corner(1, 0) * along;
  const below = corner(0, 1) * (1 - along) + corner(1, 1) * along;
  return above * (1 - down) + below * down;
}

/**
 * A picture made by code: coloured clouds, coarse and fine. Sums and products only, rounded to whole numbers, so it is the
 * same on every machine and golden results hold.
 */
export function madePicture(width: number, height: number, seed = 1): Float32Array {
  return new Float32Array(width * height * 3).map((_, index) => {
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / (3 * width));
    // Half of the light is common to the three colours, or there would be no grey in it.
    const noise = (grain: number): number =>
      valueNoise(x, y, grain, seed) + valueNoise(x, y, grain, seed + 1 + (index % 3));
    const light = GRAINS.reduce((sum, grain) => sum + grain * noise(grain), 0) / (2 * CONTRAST);
    return Math.min(255, Math.max(0, Math.round(128 + 360 * (light - 0.5))));
  });
}

type Values = ArrayLike<number>;

/** mean|a - b| */
export function meanDifference(a: Values, b: Values): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += Math.abs((a[index] as number) - (b[index] as number));
  return sum / a.length;
}

/** mean|a| */
export function meanMagnitude(a: Values): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += Math.abs(a[index] as number);
  return sum / a.length;
}
