import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readBeside } from '../../lib/image/beside.js';
import { readGuide } from '../../lib/image/guide.js';
import { own } from '../../lib/image/source.js';
import { png } from '../service/support.js';

test('is read whole, in its own size, with its hash', async () => {
  const bytes = await png(40, 30);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const picture = await readBeside(own(bytes), "'mask'", { mostBytes: 40 * 30 * 4 });
  expect(picture).toMatchObject({ width: 40, height: 30, source: { sha256 } });
});

test('of more pixels than the memory has room for is refused by its header, with both numbers', async () => {
  const bytes = await png(400, 300);
  const reader = { mostBytes: 400 * 300 * 4 - 1 };
  const code = 'ERR_LIVEDREAM_IMAGE_TOO_LARGE';
  const message = (what: string): unknown =>
    expect.stringContaining(`${what} has 400 x 300 pixels, and the memory limit is 479999 bytes. Give a smaller one.`);
  await expect(readBeside(own(bytes), "'mask'", reader)).rejects.toMatchObject({ code, message: message("'mask'") });
  await expect(readGuide(bytes, reader)).rejects.toMatchObject({ code, message: message('The guide') });
});
