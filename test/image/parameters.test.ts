import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { embeddedParameters, withParameters } from '../../lib/image/parameters.js';

const red = (): Sharp => sharp({ create: { width: 9, height: 7, channels: 3, background: 'red' } });
const PARAMETERS = {
  livedream: '1.2.3',
  model: 'a <b> & "c" \u00e9\u{1f300}\n\u0007',
  seed: '18446744073709551615',
  iterations: [3, 1],
  objective: { kind: 'channels', layer: 'mixed4d', channels: [{ channel: 7, weight: 0.5 }] },
};

test.each(['png', 'jpeg', 'webp'] as const)('%s gives back what was written into it', async (format) => {
  const bytes = await withParameters(red(), PARAMETERS).toFormat(format).toBuffer();
  expect(await embeddedParameters(bytes)).toEqual(PARAMETERS);
});

test('the pixels are those of the picture without them', async () => {
  const plain = await red().png().toBuffer();
  const bytes = await withParameters(red(), PARAMETERS).png().toBuffer();
  expect(bytes.length).toBeGreaterThan(plain.length);
  expect((await sharp(bytes).raw().toBuffer()).equals(await sharp(plain).raw().toBuffer())).toBe(true);
});

test.each([
  'png',
  'jpeg',
  'webp',
] as const)('what %s cannot hold is left out, and the picture is there', async (format) => {
  const bytes = await withParameters(red(), { long: 'x'.repeat(70_000) })
    .toFormat(format)
    .toBuffer();
  expect(await embeddedParameters(bytes)).toBeUndefined();
  expect((await sharp(bytes).metadata()).width).toBe(9);
});

test.each(['png', 'jpeg', 'webp'] as const)('the longest that is written comes back from %s', async (format) => {
  const long = { long: 'x'.repeat(59_000) };
  expect(await embeddedParameters(await withParameters(red(), long).toFormat(format).toBuffer())).toEqual(long);
});

test('pictures of other makers have none', async () => {
  expect(await embeddedParameters(await red().png().toBuffer())).toBeUndefined();
  const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>';
  expect(await embeddedParameters(await red().withXmp(xmp).jpeg().toBuffer())).toBeUndefined();
});
