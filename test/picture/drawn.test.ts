import { describe, expect, it } from 'vitest';
import { drawLandscape } from '../../tools/picture/landscape.mjs';
import { drawPortrait } from '../../tools/picture/portrait.mjs';
import { drawStreet } from '../../tools/picture/street.mjs';

const [width, height] = [60, 40];

function deviation(data: Uint8Array): number {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
}

describe.each([
  ['landscape', drawLandscape],
  ['portrait', drawPortrait],
  ['street', drawStreet],
])('the drawn %s', (_, draw) => {
  it('is the same each time, and another with another seed', () => {
    const first = draw(width, height, 11);
    expect(first).toHaveLength(width * height * 3);
    expect(draw(width, height, 11)).toEqual(first);
    expect(draw(width, height, 12)).not.toEqual(first);
  });

  it('has light and dark in it', () => {
    expect(deviation(draw(width, height, 11))).toBeGreaterThan(25);
  });
});
