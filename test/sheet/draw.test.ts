import { describe, expect, test } from 'vitest';
import { withContrast } from '../../lib/sheet/contrast.js';
import { type Drawn, drawPage } from '../../lib/sheet/draw.js';
import { type Box, layOut } from '../../lib/sheet/layout.js';
import { noisePicture } from '../../lib/sheet/noise.js';

const SIDE = 64;
const OVER_WIDTH = 96;

function plain(width: number, height: number, colour: readonly number[]): Drawn {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => colour[index % 3] as number);
  return { width, height, data };
}

function deviation(data: Uint8Array): number {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
}

describe('a page', () => {
  const COUNT = 3;
  const layout = layOut({ count: COUNT, side: SIDE, overWidth: OVER_WIDTH, columns: 2 });
  const cells = Array.from({ length: COUNT }, (_, index) => ({
    label: ['plain', 'a name that is much too long for so small a cell', '猫 <&>'][index] as string,
    detail: `noise ${index}`,
    noise: plain(SIDE, SIDE, [200, index, 0]),
    over: plain(OVER_WIDTH, SIDE, [0, index, 200]),
  }));
  const page = drawPage({ title: 'model', subtitle: '3 filters', cells }, layout);

  async function colours({ left, top, width, height }: Box): Promise<Set<string>> {
    const found = new Set<string>();
    const { data, width: row } = await page;
    for (let y = top; y < top + height; y += 1) {
      for (let x = left; x < left + width; x += 1) {
        found.add([...data.subarray((y * row + x) * 3, (y * row + x) * 3 + 3)].join());
      }
    }
    return found;
  }

  test('has every dream in its place, whole', async () => {
    for (const [index, { noise, over }] of layout.cells.entries()) {
      expect([...(await colours(noise))]).toEqual([`200,${index},0`]);
      expect([...(await colours(over))]).toEqual([`0,${index},200`]);
    }
  });

  test('has its title and every name in type, on a dark ground', async () => {
    const ground = '19,19,22';
    const lines = [layout.title, layout.subtitle, ...layout.cells.flatMap(({ label, detail }) => [label, detail])];
    for (const line of lines) {
      const found = await colours(line);
      expect(found.has(ground)).toBe(true);
      expect(found.size).toBeGreaterThan(10);
    }
    const { width, height, data } = await page;
    expect({ width, height }).toEqual({ width: layout.width, height: layout.height });
    expect(data.length).toBe(width * height * 3);
    const margin = await colours({ left: 0, top: 0, width, height: layout.title.top - 1 });
    expect([...margin]).toEqual([ground]);
  });
});

describe('noise', () => {
  test('is the same for a seed, grey and faint', () => {
    const { data } = noisePicture(80, 60, 7n);
    expect(data).toEqual(noisePicture(80, 60, 7n).data);
    expect(data).not.toEqual(noisePicture(80, 60, 8n).data);
    for (const colour of [0, 1, 2]) {
      const values = Uint8Array.from(data).filter((_, index) => index % 3 === colour);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean).toBeGreaterThan(112);
      expect(mean).toBeLessThan(124);
      expect(deviation(values)).toBeGreaterThan(3);
      expect(deviation(values)).toBeLessThan(12);
    }
  });

  test('takes any seed', () => {
    expect(noisePicture(8, 8, 2n ** 64n - 1n).data).toHaveLength(192);
  });

  test('is not the same in its three colours', () => {
    const data = Uint8Array.from(noisePicture(64, 64, 0n).data);
    const [red, green] = [0, 1].map((colour) => data.filter((_, index) => index % 3 === colour));
    expect(red).not.toEqual(green);
  });
});

describe('contrast', () => {
  const faint = Uint8Array.from(noisePicture(64, 64, 3n).data);

  test('of what is faint is raised, not without limit, and its colour kept', () => {
    const shown = withContrast(faint);
    expect(deviation(shown) / deviation(faint)).toBeGreaterThan(2.5);
    expect(deviation(shown) / deviation(faint)).toBeLessThan(3.3);
    const mean = (data: Uint8Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(Math.abs(mean(shown) - mean(faint))).toBeLessThan(1);
  });

  test('of what has enough stays as it is', () => {
    const strong = Uint8Array.from(faint, (value) => (value > 118 ? 240 : 10));
    expect(withContrast(strong)).toEqual(strong);
    expect(withContrast(new Uint8Array(30).fill(77))).toEqual(new Uint8Array(30).fill(77));
  });
});
