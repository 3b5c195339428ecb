import { MOST_OCTAVES, type PerOctave } from '../options/description.js';
import type { Size } from '../size.js';

/** floor(float32(size) / octaveScale), in float32 as the algorithm has it. */
function smaller(side: number, octaveScale: number): number {
  return Math.floor(Math.fround(Math.fround(side) / Math.fround(octaveScale)));
}

/** The sizes of all octaves, smallest first; the last is the picture's. */
export function octaveSizes(picture: Size, octaves: number, octaveScale: number): Size[] {
  const sizes = [picture];
  for (let size = picture; sizes.length < octaves; ) {
    size = { width: smaller(size.width, octaveScale), height: smaller(size.height, octaveScale) };
    sizes.unshift(size);
  }
  return sizes;
}

/**
 * How many octaves this picture can have before its shorter side falls below `least`; 0 where not even one. No more than there
 * may be: of a scale that float32 takes for 1, octaves never become smaller.
 */
export function mostOctaves(picture: Size, octaveScale: number, least: number): number {
  let count = 0;
  let side = Math.min(picture.width, picture.height);
  for (; side >= least && count < MOST_OCTAVES; side = smaller(side, octaveScale)) count += 1;
  return count;
}

/**
 * A value for each of the picture's octaves. A list's last value stands for the octaves that it has none for; where there are
 * fewer octaves than were asked for, or than the list has, it is the smallest that are not there.
 */
export function perOctave<N extends string>(
  name: N,
  options: { readonly [K in N]: PerOctave } & { readonly octaves: number },
  octaves: number,
): number[] {
  const given: PerOctave = options[name];
  const values = typeof given === 'number' ? [given] : given;
  const missing = Math.max(options.octaves, values.length) - octaves;
  return Array.from(
    { length: octaves },
    (_, octave) => values[Math.min(octave + missing, values.length - 1)] as number,
  );
}
