import { expect, test } from 'vitest';
import { steeringFiles } from '../../lib/cli/steering-files.js';

test('every file that is a guide or a mask is known, whoever named it, and nothing else is', () => {
  const objective = [
    { guide: 'guide.png', layer: 'a', mask: { picture: 'sky.png', channel: 'alpha' } },
    { guide: 'file:///tmp/other.png' },
    { layer: 'a', mask: 'meadow.png' },
    { layer: 'a', mask: { rectangle: { left: 0, top: 0, width: 1, height: 1 } } },
    { guide: Buffer.from('bytes'), mask: { picture: { sha256: 'of', width: 1, height: 1 } } },
  ];
  const mask = { picture: 'whole.png', feather: 3 };
  const files = ['whole.png', 'guide.png', 'sky.png', '/tmp/other.png', 'meadow.png'];
  expect(steeringFiles({ mask, objective, layer: 'a.png' })).toEqual(files);
  expect(steeringFiles({ mask: { alpha: true } })).toEqual([]);
  expect(steeringFiles({})).toEqual([]);
});
