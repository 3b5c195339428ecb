import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { TERM_TEXTS, termOf } from '../../lib/cli/term-text.js';

test.each([
  ['mixed4d', { layer: 'mixed4d' }],
  ['fire5/concat*-0.5', { layer: 'fire5/concat', weight: -0.5 }],
  ['mixed4d:17*2', { layer: 'mixed4d', channel: 17, weight: 2 }],
  [' mixed4d : 17 * 2e-1 ', { layer: 'mixed4d', channel: 17, weight: 0.2 }],
  ['classes:lion face', { layer: 'classes', channel: 'lion face' }],
  ['class:owl*.5', { class: 'owl', weight: 0.5 }],
  ['class:7', { class: 7 }],
  ['class:five * stars', { class: 'five * stars' }],
  ['filter:van-gogh*3', { filter: 'van-gogh', weight: 3 }],
  ['filter:owl in alpha', { filter: 'owl', mask: { alpha: true } }],
  ['class:owl*2 in left.png', { class: 'owl', weight: 2, mask: { picture: 'left.png' } }],
  [
    'mixed4d:17*-1 not in alpha:cut-out.png',
    {
      ...{ layer: 'mixed4d', channel: 17, weight: -1 },
      mask: { picture: 'cut-out.png', channel: 'alpha', invert: true },
    },
  ],
  [
    'mixed3b in ellipse:50%,40%,30,20%',
    {
      layer: 'mixed3b',
      mask: { ellipse: { x: '50%', y: '40%', radiusX: 30, radiusY: '20%' } },
    },
  ],
  [
    'class:man in the moon in rectangle:0,0,1,1',
    {
      class: 'man in the moon',
      mask: { rectangle: { left: 0, top: 0, width: 1, height: 1 } },
    },
  ],
])("'%s'", (text, term) => expect(termOf(text)).toEqual(term));

test('a direction is read from its file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-term-'));
  const file = path.join(folder, 'up@night.json');
  writeFileSync(file, '[1, -1]');
  expect(termOf(`mixed4d@${file}*2`)).toEqual({ layer: 'mixed4d', direction: [1, -1], weight: 2 });
  rmSync(folder, { recursive: true });
});

test.each([
  '',
  ' ',
  '*2',
  'mixed4d:',
  ':17',
  'class:',
  'mixed4d@',
  'class: in left.png',
  '*2 in left.png',
])("'%s' is refused, with all that there is", (text) => {
  expect(() => termOf(text)).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_RANGE' }));
  for (const [known] of TERM_TEXTS) expect(() => termOf(text)).toThrow(known);
});
