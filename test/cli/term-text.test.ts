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
])("'%s' is refused, with all that there is", (text) => {
  expect(() => termOf(text)).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_RANGE' }));
  for (const [known] of TERM_TEXTS) expect(() => termOf(text)).toThrow(known);
});
