import { expect, test } from 'vitest';
import { readObjectiveFlags } from '../../lib/cli/objective-flags.js';

test('flags of terms become the terms of a sum, in their order, the guide last', () => {
  const flags = {
    objective: ['mixed3b*0.5', 'class:owl'],
    guide: 'a.jpg',
    guideLayer: ['mixed3b', 'mixed4c'],
    guideWeight: '-2',
  };
  expect(readObjectiveFlags(flags)).toEqual({
    objective: [
      { layer: 'mixed3b', weight: 0.5 },
      { class: 'owl' },
      { guide: 'a.jpg', layer: ['mixed3b', 'mixed4c'], match: undefined, weight: -2 },
    ],
  });
  expect(readObjectiveFlags({ guide: 'a.jpg', guideMatch: 'statistics' })).toEqual({
    objective: [{ guide: 'a.jpg', layer: undefined, match: 'statistics', weight: undefined }],
  });
  expect(readObjectiveFlags({ layer: 'mixed3b', channel: '7' })).toEqual({ layer: 'mixed3b', channel: 7 });
});

test.each([
  { guideLayer: ['mixed3b'] },
  { guideMatch: 'dot' },
  { guideWeight: '2' },
])('%j without a guide is refused', (flags) => {
  expect(() => readObjectiveFlags(flags)).toThrow(/left out where no 'guide' is given/);
});

test.each(['', 'much'])("a guide's weight of '%s' is refused", (guideWeight) => {
  expect(() => readObjectiveFlags({ guide: 'a.jpg', guideWeight })).toThrow(/'guide-weight' must be a number/);
});
