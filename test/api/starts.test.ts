// Dreams that begin with noise or a colour, and textures that can be repeated.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { decode } from '../../lib/image/decode.js';
import { inJson } from '../../lib/json.js';
import type { NoiseInput, StartInput } from '../../lib/picture-input.js';
import { replay } from '../../lib/replay/replay.js';
import { smallDreamer } from '../support/dreamers.js';

const FEW = { octaves: 2, iterations: 2 } as const;
const NOISE = { noise: 'pink', width: 96, height: 80, seed: 5 } as const;

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(async () => dreamer.dispose());

async function made(start: StartInput): Promise<Uint8Array> {
  const { data } = await decode(start, { size: undefined, page: undefined, check: () => undefined });
  return data as Uint8Array;
}

function momentsOf(data: Uint8Array, colour: number): { mean: number; deviation: number } {
  const values = data.filter((_, at) => at % 3 === colour);
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length) };
}

/** The slope of the power along rows, by frequency, both logarithmic: 0 is white, -1 is what rows of a field of 1/f have. */
function slope(data: Uint8Array, width: number, height: number): number {
  const power = Array.from({ length: width / 4 }, (_, index) => {
    const frequency = index + 1;
    let sum = 0;
    for (let y = 0; y < height; y += 1) {
      let [real, imaginary] = [0, 0];
      for (let x = 0; x < width; x += 1) {
        const value = data[3 * (y * width + x)] as number;
        real += value * Math.cos((2 * Math.PI * frequency * x) / width);
        imaginary += value * Math.sin((2 * Math.PI * frequency * x) / width);
      }
      sum += real * real + imaginary * imaginary;
    }
    return { x: Math.log(frequency), y: Math.log(sum) };
  });
  const mean = (of: (each: { x: number; y: number }) => number): number =>
    power.reduce((sum, each) => sum + of(each), 0) / power.length;
  const [x, y] = [mean((each) => each.x), mean((each) => each.y)];
  return mean((each) => (each.x - x) * (each.y - y)) / mean((each) => (each.x - x) ** 2);
}

describe('noise', () => {
  test('has the grey, the contrast and the correlated colours it should have', async () => {
    for (const noise of ['pink', 'white'] as const) {
      const data = await made({ noise, width: 128, height: 128, contrast: 20 });
      for (const colour of [0, 1, 2]) {
        const { mean, deviation } = momentsOf(data, colour);
        expect(Math.abs(mean - 128)).toBeLessThan(0.5);
        expect(Math.abs(deviation - 20)).toBeLessThan(3);
      }
      const [red, green] = [0, 1].map((colour) => momentsOf(data, colour)) as [
        { mean: number; deviation: number },
        { mean: number; deviation: number },
      ];
      let together = 0;
      for (let at = 0; at < data.length; at += 3)
        together += ((data[at] as number) - red.mean) * ((data[at + 1] as number) - green.mean);
      expect(together / (data.length / 3) / (red.deviation * green.deviation)).toBeGreaterThan(0.8);
    }
  });

  test('is white, or pink as pictures are', async () => {
    const size = { width: 128, height: 128 };
    const white = slope(await made({ noise: 'white', ...size }), 128, 128);
    const pink = slope(await made({ noise: 'pink', ...size }), 128, 128);
    console.info(`slope of the power along rows: white ${white.toFixed(2)}, pink ${pink.toFixed(2)}`);
    expect(Math.abs(white)).toBeLessThan(0.2);
    expect(Math.abs(pink + 1)).toBeLessThan(0.5);
  });

  test('is the same for a seed, and another for another, of 64 bits', async () => {
    const of = (seed: NoiseInput['seed']): Promise<Uint8Array> =>
      made({ ...NOISE, ...(seed === undefined ? {} : { seed }) });
    expect(await of(7)).toEqual(await of('7'));
    expect(await of(7n)).toEqual(await of(7));
    expect(await of(8)).not.toEqual(await of(7));
    expect(await of(2n ** 40n)).not.toEqual(await of(0));
  });

  test('goes on across its edges', async () => {
    const [width, height] = [96, 80];
    const data = await made({ ...NOISE, width, height, contrast: 40 });
    const value = (x: number, y: number): number => data[3 * (y * width + x)] as number;
    let [inner, border] = [0, 0];
    for (let y = 0; y < height; y += 1) {
      border += Math.abs(value(0, y) - value(width - 1, y)) / height;
      for (let x = 1; x < width; x += 1) inner += Math.abs(value(x, y) - value(x - 1, y)) / (height * (width - 1));
    }
    expect(border / inner).toBeLessThan(1.3);
  });
});

test('a dream from noise and from a colour tells what it began with, and is made again from that alone', async () => {
  for (const start of [NOISE, { colour: '#336699', width: 64, height: 48 }] as const) {
    const dream = await dreamer.dream(start, FEW);
    expect([dream.width, dream.height]).toEqual([start.width, start.height]);
    const parameters = JSON.parse(JSON.stringify(dream.pictureParameters()));
    expect(parameters.source.start).toMatchObject('noise' in start ? { ...start, seed: '5' } : start);
    const again = await replay(dreamer, parameters.source.start, parameters);
    expect(again.data).toEqual(dream.data);
    expect(again.pictureParameters()).toEqual(dream.pictureParameters());
    await expect(replay(dreamer, { ...NOISE, seed: 6 }, parameters)).rejects.toThrow(/photo is another/);
  }
  expect(inJson((await dreamer.dream(NOISE, FEW)).parameters)).not.toHaveProperty('start');
});

test('a colour is that colour', async () => {
  expect([...(await made({ colour: '#33669C', width: 2, height: 1 }))]).toEqual([51, 102, 156, 51, 102, 156]);
});

test.each<[object, RegExp]>([
  [{ ...NOISE, noise: 'blue' }, /'picture.noise' must be 'pink' or 'white'/],
  [{ ...NOISE, width: 0 }, /'picture.width' must be a whole number of pixels/],
  [{ ...NOISE, seed: -1 }, /'picture.seed' must be a whole number/],
  [{ ...NOISE, contrast: 0 }, /'picture.contrast' must be a number above 0/],
  [{ ...NOISE, spectrum: 1 }, /'picture.spectrum' must be left out/],
  [{ colour: 'red', width: 8, height: 8 }, /'picture.colour' must be a colour such as '#336699'/],
])('says what is wrong with %o', async (start, message) => {
  await expect(dreamer.dream(start as StartInput, FEW)).rejects.toThrow(message);
});

test('noise that is too large is refused before it is made', async () => {
  const began = performance.now();
  await expect(dreamer.dream({ ...NOISE, width: 65_000, height: 65_000 }, FEW)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
  });
  expect(performance.now() - began).toBeLessThan(5000);
});
