import { describe, expect, test } from 'vitest';
import { type Box, layOut, type PageShape } from '../../lib/sheet/layout.js';

const SHAPE: PageShape = { count: 38, side: 160, overWidth: 240, columns: undefined };

function boxesOf(shape: PageShape): Box[] {
  const { title, subtitle, cells } = layOut(shape);
  return [title, subtitle, ...cells.flatMap(({ noise, over, label, detail }) => [noise, over, label, detail])];
}

function overlap(one: Box, other: Box): boolean {
  const across = one.left < other.left + other.width && other.left < one.left + one.width;
  return across && one.top < other.top + other.height && other.top < one.top + one.height;
}

const SHAPES: PageShape[] = [1, 2, 7, 38, 41].flatMap((count) =>
  [64, 160, 333, 1024].flatMap((side) =>
    [undefined, 1, 5].map((columns) => ({ count, side, overWidth: Math.round(side * 1.5), columns })),
  ),
);

describe('a page of a contact sheet', () => {
  test.each(SHAPES)('has room for everything: $count cells of $side pixels in $columns columns', (shape) => {
    const { width, height } = layOut(shape);
    const boxes = boxesOf(shape);
    for (const [index, box] of boxes.entries()) {
      expect(Object.values(box).every((value) => Number.isInteger(value) && value > 0)).toBe(true);
      expect(box.left + box.width).toBeLessThan(width);
      expect(box.top + box.height).toBeLessThan(height);
      for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    }
  });

  test('draws pictures as large as they are dreamed, beside each other, with their name below', () => {
    const [first, second] = layOut(SHAPE).cells;
    expect(first?.noise).toMatchObject({ width: 160, height: 160 });
    expect(first?.over).toMatchObject({ width: 240, height: 160, top: first?.noise.top });
    expect(first?.label).toMatchObject({ left: first?.noise.left, top: (first?.noise.top ?? 0) + 160 });
    expect(second?.noise.top).toBe(first?.noise.top);
  });

  test('is about square where nothing else is asked for', () => {
    for (const count of [6, 15, 38, 40, 200]) {
      const { width, height } = layOut({ ...SHAPE, count });
      expect(width / height).toBeGreaterThan(0.6);
      expect(width / height).toBeLessThan(1.7);
    }
  });

  test('has the columns that are asked for, but none that would be empty', () => {
    const lefts = (columns: number, count: number): number =>
      new Set(layOut({ ...SHAPE, columns, count }).cells.map(({ noise }) => noise.left)).size;
    expect(lefts(3, 38)).toBe(3);
    expect(lefts(10, 4)).toBe(4);
    expect(layOut({ ...SHAPE, columns: 10, count: 4 }).width).toBe(layOut({ ...SHAPE, columns: 4, count: 4 }).width);
  });

  test('has type that can be read below small pictures, and larger type below large ones', () => {
    const label = (side: number): number => layOut({ ...SHAPE, side }).cells[0]?.label.height ?? 0;
    expect(label(64)).toBeGreaterThanOrEqual(18);
    expect(label(640)).toBeGreaterThan(3 * label(160));
  });
});
