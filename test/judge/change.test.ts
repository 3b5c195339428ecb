import { describe, expect, it } from 'vitest';
import { change, changeTable } from '../../tools/judge/change.mjs';

const [width, height] = [96, 64];

function grey(value: number): Uint8Array {
  return new Uint8Array(width * height * 3).fill(value);
}

describe('what a dream changed', () => {
  it('counts blocks whose mean change is above 3', () => {
    const after = grey(100);
    // Of the six blocks, the first row's changes by 5; one pixel of the others' is not enough.
    after.fill(105, 0, 32 * width * 3);
    after[40 * width * 3] = 255;
    const found = change(grey(100), after, width, height);
    expect(found.alive).toBe(0.5);
    expect(found.change).toBeCloseTo(2.5, 1);
  });

  it('tells saturation by what there was before', () => {
    const after = grey(255);
    after.fill(10, 0, after.length / 2);
    expect(change(grey(255), after, width, height).saturation).toBe(-0.5);
    expect(change(grey(128), after, width, height).saturation).toBe(0.5);
  });

  it('names what does not hold', () => {
    const table = changeTable([
      { filter: 'pale', alive: 0.94, change: 4, saturation: 0 },
      { filter: 'loud', alive: 1, change: 40, saturation: 0.02 },
      { filter: 'good', alive: 1, change: 20, saturation: 0.001 },
    ]);
    expect(table).toMatch(/pale .* dead areas \|$/m);
    expect(table).toMatch(/loud .* saturated \|$/m);
    expect(table).toMatch(/good .* \| 0.1 % \| {2}\|$/m);
  });
});
