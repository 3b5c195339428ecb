import { expect, test } from 'vitest';
import { readMaskFlags } from '../../lib/cli/mask-flags.js';
import { termOf } from '../../lib/cli/term-text.js';

const TERMS = ['filter:owl in sky.png', 'mixed3b', 'filter:flowers not in rectangle:0,0,100%,50%'].map(termOf);

test('the edges of a mask fade as the flag says, and of all that terms have where there is no other', () => {
  expect(readMaskFlags({ mask: 'sky.png', maskFeather: '8', maskInvert: true })).toEqual({
    mask: { picture: 'sky.png', feather: 8, invert: true },
  });
  expect(readMaskFlags({}, TERMS)).toEqual({});
  expect(readMaskFlags({ maskFeather: '8' }, TERMS)).toEqual({
    objective: [
      { filter: 'owl', mask: { picture: 'sky.png', feather: 8 } },
      { layer: 'mixed3b' },
      {
        filter: 'flowers',
        mask: { rectangle: { left: 0, top: 0, width: '100%', height: '50%' }, invert: true, feather: 8 },
      },
    ],
  });
});

test('to turn the masks of terms inside out is said of each', () => {
  expect(() => readMaskFlags({ maskInvert: true }, TERMS)).toThrow(/'mask-invert' must be left out .*not in MASK/);
});
