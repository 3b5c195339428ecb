import { describe, expect, it } from 'vitest';
import { classesOf, markdown, score } from '../../tools/judge/score.mjs';

describe("the judge's score", () => {
  it('takes the classes of filters that name channels, and no others', () => {
    expect(classesOf({ layer: 'classes', channel: 'owl' })).toEqual(['owl']);
    expect(classesOf({ layer: 'classes', channels: ['owl', { channel: 'eagle', weight: 2 }] })).toEqual([
      'owl',
      'eagle',
    ]);
    expect(classesOf({ layer: 'mixed4d' })).toBeUndefined();
    expect(classesOf({ layer: 'mixed4d', channel: 3 })).toBeUndefined();
  });

  it("counts filters whose class is among the first names, beside other filters' classes", () => {
    const expected = { owl: ['owl'], garden: ['rose', 'tulip'], reef: ['coral'] };
    const seen = { owl: ['eagle', 'owl', 'rose'], garden: ['fur', 'tulip', 'owl'], reef: ['fur', 'rose', 'coral'] };
    const { hits, shuffled, rows } = score(expected, seen, 2);
    expect(hits).toBeCloseTo(2 / 3);
    // Of owl's two others none is among the first two, of garden's none, and of reef's the garden.
    expect(shuffled).toBeCloseTo((0 + 0 + 1 / 2) / 3);
    expect(rows[2]).toMatchObject({ filter: 'reef', hit: false, seen: ['fur', 'rose'] });
    expect(markdown(score(expected, seen, 2))).toContain('66.7 % of 3 filters');
  });

  it('does not call a filter with the same class a wrong one', () => {
    const seen = { owl: ['owl'], night: ['owl'] };
    expect(score({ owl: ['owl'], night: ['owl', 'bat'] }, seen).shuffled).toBe(0);
  });
});
