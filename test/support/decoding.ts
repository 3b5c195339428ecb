import { expect } from 'vitest';
import { type DecodeOptions, decode } from '../../lib/image/decode.js';
import { own, type Picture, type PictureInput } from '../../lib/image/source.js';

/** As a Dreamer reads a picture, for any network. */
export async function open(input: PictureInput, rest: Partial<DecodeOptions> = {}): Promise<Picture> {
  return decode(own(input), { size: undefined, page: undefined, check: () => undefined, ...rest });
}

/** The first values are these, nearly. */
export function near(data: ArrayLike<number>, expected: readonly number[], tolerance = 4): void {
  for (const [index, value] of expected.entries())
    if (!(Math.abs((data[index] as number) - value) <= tolerance))
      expect.fail(`value ${index} is ${data[index]}, not ${value} +- ${tolerance}`);
}

/** R, G and B of one pixel. */
export function pixelAt({ data, width }: Picture, x: number, y: number): number[] {
  return Array.from(data.slice((y * width + x) * 3, (y * width + x) * 3 + 3));
}
