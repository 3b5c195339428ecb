// The parts of the endless film.
import { describe, expect, test } from 'vitest';
import type { Motion } from '../../../lib/options/zoom-options.js';
import { keepPalette, paletteOf } from '../../../lib/video/zoom/palette.js';
import type { Pixels } from '../../../lib/video/zoom/pixels.js';
import { readSchedule, Schedule } from '../../../lib/video/zoom/schedule.js';
import { warp } from '../../../lib/video/zoom/warp.js';

const SIDE = 40;

/** A picture of what is at each place. */
function picture(at: (x: number, y: number) => readonly [number, number, number]): Pixels {
  const data = new Float32Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y += 1) for (let x = 0; x < SIDE; x += 1) data.set(at(x, y), (y * SIDE + x) * 3);
  return { width: SIDE, height: SIDE, data };
}

const smooth = (x: number, y: number): readonly [number, number, number] => [
  120 + 60 * Math.sin(x / 6),
  110 + 50 * Math.cos(y / 5),
  90 + 40 * Math.sin((x + y) / 9),
];

function difference(one: Pixels, other: Pixels, margin = 0): number {
  let [most, place] = [0, 0];
  for (let y = 0; y < SIDE; y += 1)
    for (let x = 0; x < SIDE * 3; x += 1, place += 1)
      if (y >= margin && y < SIDE - margin && x >= margin * 3 && x < (SIDE - margin) * 3)
        most = Math.max(most, Math.abs((one.data[place] as number) - (other.data[place] as number)));
  return most;
}

describe('a motion', () => {
  const middle = (SIDE - 1) / 2;
  const still = { zoom: 1, angle: 0, x: 0, y: 0 };

  test('of nothing changes nothing', () => {
    expect(difference(warp(picture(smooth), still), picture(smooth))).toBeLessThan(1e-4);
  });

  test.each([
    ['to the right and down', { x: 2.5, y: 1.25 }, (x: number, y: number) => [x - 2.5, y - 1.25]],
    [
      'into the picture',
      { zoom: 1.2 },
      (x: number, y: number) => [middle + (x - middle) / 1.2, middle + (y - middle) / 1.2],
    ],
    [
      'by a quarter to the right',
      { angle: Math.PI / 2 },
      (x: number, y: number) => [middle + (y - middle), middle - (x - middle)],
    ],
  ] as const)('%s brings each place where it belongs', (_name, move, from) => {
    const expected = picture((x, y) => smooth(...(from(x, y) as [number, number])));
    expect(difference(warp(picture(smooth), { ...still, ...move }), expected, 5)).toBeLessThan(0.2);
  });

  test('mirrors what is beyond the edge', () => {
    const moved = warp(
      picture((x) => [x, x, x]),
      { ...still, x: 3 },
    );
    expect([0, 1, 2, 3, 4].map((x) => Math.round(moved.data[x * 3] as number))).toEqual([2, 1, 0, 0, 1]);
  });
});

describe('a palette', () => {
  test('is kept in brightness, contrast and colours, as far as is asked', () => {
    const photograph = picture(smooth);
    const wanted = paletteOf(photograph);
    const washed = picture((x, y) => {
      const [red, green, blue] = smooth(x * 1.3, y);
      return [180 + 0.8 * (red - 100), 180 + 0.9 * (green - 100), 180 + 0.7 * (blue - 100)];
    });
    const whole = paletteOf(keepPalette(washed, wanted, 1));
    for (const axis of [0, 1, 2]) {
      expect(whole.mean[axis]).toBeCloseTo(wanted.mean[axis] as number, 0);
      expect(whole.deviation[axis]).toBeCloseTo(wanted.deviation[axis] as number, 0);
    }
    expect(difference(keepPalette(washed, wanted, 0), washed)).toBeLessThan(1e-3);
    const half = paletteOf(keepPalette(washed, wanted, 0.5)).mean[0] as number;
    expect(half).toBeCloseTo(((paletteOf(washed).mean[0] as number) + (wanted.mean[0] as number)) / 2, 0);
  });

  test('leaves nothing beyond the range, and does not blow up a plain picture', () => {
    const loud = picture((x) => (x % 2 === 0 ? [400, -80, 300] : [-90, 350, 20]));
    for (const value of keepPalette(loud, paletteOf(loud), 0.3).data) expect(value >= 0 && value <= 255).toBe(true);
    const plain = picture((x) => [100 + (x % 2) * 0.1, 100, 100]);
    const kept = keepPalette(plain, paletteOf(picture(smooth)), 1);
    expect(paletteOf(kept).deviation[0]).toBeLessThan(1);
  });
});

describe('a schedule', () => {
  const motion: Motion = { zoom: 1, rotate: 0, driftX: 0, driftY: 0, palette: 0.5 };
  const schedule = new Schedule(
    motion,
    { filter: 'owl', iterations: 2, seed: 7n },
    readSchedule([
      { at: 2, fade: 2, zoom: 4, rotate: 10 },
      { at: 5, fade: 1, filter: 'caves' },
      { at: 8, step: 3 },
    ]),
  );

  test('changes motion smoothly, a zoom by its factor', () => {
    expect(schedule.at(0).motion).toEqual(motion);
    expect(schedule.at(3).motion).toEqual({ ...motion, zoom: 2, rotate: 5 });
    expect(schedule.at(3).dreams).toEqual([{ options: { filter: 'owl', iterations: 2, seed: 7n }, share: 1 }]);
    expect(schedule.at(2.2).motion.rotate).toBeGreaterThan(0);
    expect(schedule.at(2.2).motion.rotate).toBeLessThan(1);
    expect(schedule.at(4.5).motion).toEqual({ ...motion, zoom: 4, rotate: 10 });
  });

  test('fades from one filter to the next, whose shares are 1 together', () => {
    const during = schedule.at(5.25).dreams;
    expect(during.map(({ options }) => options.filter)).toEqual(['owl', 'caves']);
    expect(during.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(schedule.at(6).dreams).toEqual([{ options: { filter: 'caves', iterations: 2, seed: 7n }, share: 1 }]);
    expect(schedule.at(9).dreams).toEqual([
      { options: { filter: 'caves', iterations: 2, seed: 7n, step: 3 }, share: 1 },
    ]);
  });

  test.each([
    [{}, /'schedule' must be a list of changes/],
    [[3], /'schedule\[0\]' must be an object/],
    [[{ at: -1 }], /'schedule\[0\]\.at' must be a number from 0/],
    [[{ at: 1, zooom: 2 }], /'schedule\[0\]\.zooom'.*did you mean 'zoom'/],
    [[{ at: 1, zoom: 0 }], /'zoom' must be/],
    [[{ at: 1, filter: 'a', layer: 'b' }], /'layer' must be left out where 'filter'/],
    [[{ at: 1, fade: 3 }, { at: 2 }], /'schedule\[1\]\.at' must be at or after 4/],
  ])('%j is refused', (given, says) => {
    expect(() => readSchedule(given)).toThrow(says);
  });
});
