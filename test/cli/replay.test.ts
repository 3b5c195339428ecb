import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withParameters } from '../../lib/image/parameters.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { type Ended, livedreamIn } from '../support/cli.js';
import { TEST_DEVICE } from '../support/device.js';
import { smallModel } from '../support/models.js';
import { madePicture } from '../support/pictures.js';

let folder: string;
const at = (name: string): string => path.join(folder, name);
const run = (...args: string[]): Promise<Ended> => livedreamIn({ cwd: folder }, ...args);
const raw = { width: 64, height: 48, channels: 3 } as const;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'livedream-replay-'));
  await sharp(Buffer.from(Uint8Array.from(madePicture(64, 48))), { raw })
    .jpeg()
    .toFile(at('photo.jpg'));
  await sharp(at('photo.jpg')).negate().png().toFile(at('other.png'));
  const few = ['--octaves', '2', '--iterations', '2', '--seed', '18446744073709551615', '--device', TEST_DEVICE];
  expect(await run('dream', 'photo.jpg', '-o', 'dream.webp', '--quality', '71', ...few)).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The picture's parameters, changed, in a picture of the same pixels. */
async function forged(name: string, change: object): Promise<void> {
  const parameters = { ...(await readParameters(at('dream.webp'))), ...change };
  writeFileSync(
    at(name),
    await withParameters(sharp(at('dream.webp')), parameters)
      .webp({ quality: 71 })
      .toBuffer(),
  );
}

test('replay writes the same file, and --check says so', async () => {
  const { code, stdout, stderr } = await run('replay', 'dream.webp', 'photo.jpg', '-o', 'again.webp', '--check');
  expect(stderr).toBe("livedream: the same bytes as 'dream.webp'\n");
  expect([code, stdout.toString()]).toEqual([0, 'again.webp\n']);
  expect(readFileSync(at('again.webp')).equals(readFileSync(at('dream.webp')))).toBe(true);
});

test('the photo is found beside its dream by what is in it, or else asked for', async () => {
  const found = await run('replay', 'dream.webp', '--check');
  expect(found.code).toBe(0);
  expect(found.stderr).toMatch(/^livedream: the photo is '(\.\/)?photo\.jpg'\nlivedream: the same bytes/);
  mkdirSync(at('alone'));
  copyFileSync(at('dream.webp'), at('alone/dream.webp'));
  copyFileSync(at('other.png'), at('alone/other.png'));
  writeFileSync(at('alone/broken.png'), 'none');
  const { code, stderr } = await run('replay', 'alone/dream.webp', '--check');
  expect(stderr).toMatch(/'photo' must be given: .* none in the dream's folder is it/);
  expect(code).toBe(2);
});

test('to standard output, in another format, without parameters', async () => {
  const { code, stdout } = await run('replay', 'dream.webp', 'photo.jpg', '-o', '-', '--no-parameters');
  expect(code).toBe(0);
  const { format, xmp, width } = await sharp(stdout).metadata();
  expect([format, xmp, width]).toEqual(['png', undefined, 64]);
});

test('show prints every fact, and as JSON what the API reads', async () => {
  const { code, stdout } = await run('show', 'dream.webp');
  const text = stdout.toString();
  expect(code).toBe(0);
  for (const line of [
    /^seed +18446744073709551615$/m,
    /^octaves +2$/m,
    /^TensorFlow +\d/m,
    /^source +64 x 48, SHA-256 /m,
  ])
    expect(text).toMatch(line);
  const json = await run('show', '--json', 'dream.webp');
  expect(JSON.parse(json.stdout.toString())).toEqual(await readParameters(at('dream.webp')));
  const piped = await livedreamIn({ cwd: folder, input: readFileSync(at('dream.webp')) }, 'show', '-');
  expect(piped.stdout.toString()).toBe(text);
});

test('show tells a terminal nothing that a stranger wrote for it', async () => {
  await forged('escape.webp', { model: 'a\u001b]0;owned\u0007\u202eb' });
  const { code, stdout } = await run('show', 'escape.webp');
  expect(code).toBe(0);
  expect(stdout.toString()).toContain('a\\u{1b}]0;owned\\u{7}\\u{202e}b');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about.
  expect(stdout.toString()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
});

test('show prints the settings of a live picture of the page', async () => {
  const live = { livedream: '0.1.0', model: 'dream', blend: 0.8 };
  await withParameters(sharp(at('dream.webp')), live)
    .png()
    .toFile(at('live.png'));
  const { code, stdout } = await run('show', 'live.png');
  expect([code, stdout.toString()]).toEqual([0, 'livedream  0.1.0\nmodel      dream\nblend      0.8\n']);
});

describe('what is refused, with a code', () => {
  test.each([
    [['show', 'photo.jpg'], 1, 'ERR_LIVEDREAM_PARAMETERS_MISSING', /photo\.jpg/],
    [['show', 'none.png'], 1, 'ERR_LIVEDREAM_IMAGE_UNREADABLE', /no such file/],
    [['replay', 'photo.jpg', 'photo.jpg', '--check'], 1, 'ERR_LIVEDREAM_PARAMETERS_MISSING', /photo\.jpg/],
    [['replay', 'dream.webp', 'other.png', '--check'], 1, 'ERR_LIVEDREAM_REPLAY_DIFFERS', /another than the one/],
    [['replay', 'dream.webp', 'photo.jpg'], 2, 'ERR_LIVEDREAM_OPTION_RANGE', /'output' must be given, or else --check/],
    [['replay', 'dream.webp', 'photo.jpg', '-o', 'photo.jpg'], 2, 'ERR_LIVEDREAM_OPTION_RANGE', /would be lost/],
    [['replay', 'dream.webp', 'photo.jpg', '-o', 'dream.webp'], 2, 'ERR_LIVEDREAM_OPTION_RANGE', /would be lost/],
    [['replay', 'dream.webp', 'photo.jpg', '-o', 'none/a.png'], 1, 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE', /no folder/],
  ] as const)('%j', async (args, status, code, message) => {
    const before = readFileSync(at('dream.webp'));
    const { code: ended, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`[${code}]`);
    expect(ended).toBe(status);
    expect(readFileSync(at('dream.webp')).equals(before)).toBe(true);
  });

  test('a model of another SHA-256, of no name, and a path in the place of one', async () => {
    const { file } = smallModel();
    const other = await run('replay', 'dream.webp', 'photo.jpg', '--check', '--model', file);
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('[ERR_LIVEDREAM_REPLAY_DIFFERS]') });
    copyFileSync(file, at('stranger.pb'));
    for (const model of ['stranger.pb', at('stranger.pb'), `${path.sep}etc`, 'nobody']) {
      await forged('forged.webp', { model });
      const { code, stderr } = await run('replay', 'forged.webp', 'photo.jpg', '--check');
      expect(stderr).toMatch(/'model' must be given, as the catalogue has no/);
      expect(code).toBe(2);
    }
  });
});

test('what differs is said, and the exit status tells of other pixels', async () => {
  const forced = await run('replay', 'dream.webp', 'other.png', '--force', '--check');
  expect(forced.code).toBe(3);
  expect(forced.stderr).toMatch(/^livedream: source\.sha256 was [0-9a-f]{64}, is [0-9a-f]{64}$/m);
  expect(forced.stderr).toMatch(/^livedream: other pixels than 'dream\.webp', by \d+ of 255 at most$/m);

  const { made } = await readParameters(at('dream.webp'));
  await forged('older.webp', { livedream: '0.0.1', made: { ...made, tensorflow: '2.1.0', device: 'gpu', xla: true } });
  const older = await run('replay', 'older.webp', 'photo.jpg', '--check', '--device', TEST_DEVICE, '--xla', 'false');
  for (const line of [/^livedream: livedream was 0\.0\.1, is /m, /^livedream: made\.tensorflow was 2\.1\.0, is 2/m])
    expect(older.stderr).toMatch(line);
  expect(older.stderr).toContain('livedream: made.xla was true, is false\n');
});

const FEW = ['--octaves', '2', '--iterations', '2', '--device', TEST_DEVICE];

test('a mask that was a file is asked for, and must be the same; nothing of its name is written', async () => {
  await sharp(at('photo.jpg')).greyscale().png().toFile(at('secret-mask.png'));
  const masked = await run(
    'dream',
    'photo.jpg',
    '--mask',
    'secret-mask.png',
    '--mask-feather',
    '3',
    '-o',
    'masked.png',
    ...FEW,
  );
  expect(masked).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.stringify(await readParameters(at('masked.png')))).not.toContain('secret');
  const without = await run('replay', 'masked.png', 'photo.jpg', '--check');
  expect([without.code, without.stderr]).toEqual([
    2,
    expect.stringMatching(/'mask' must be given: the picture of SHA-256/),
  ]);
  const other = await run('replay', 'masked.png', 'photo.jpg', '--mask', 'other.png', '--check');
  expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/mask is another.*REPLAY_DIFFERS/)]);
  const again = await run('replay', 'masked.png', 'photo.jpg', '--mask', 'secret-mask.png', '--check');
  expect([again.code, again.stderr]).toEqual([0, "livedream: the same bytes as 'masked.png'\n"]);
});

test('what was dreamed from noise, in a shape, as a texture, needs no photo to be made again', async () => {
  const shape = ['--mask', 'ellipse:50%,50%,40%,20', '--mask-invert', '--keep-colour', 'palette', '--tileable'];
  const dreamed = await run('dream', '--from', 'noise:64x48', '--spectrum', 'white', '--seed', '9', ...shape, ...FEW);
  expect([dreamed.code, dreamed.stdout.toString(), dreamed.stderr]).toEqual([0, 'noise-dream.png\n', '']);
  expect(await readParameters(at('noise-dream.png'))).toMatchObject({
    source: { start: { noise: 'white', width: 64, height: 48, seed: '9' } },
    mask: { ellipse: { x: '50%', radiusY: 20 }, invert: true },
    ...{ keepColour: 'palette', tileable: true },
  });
  const again = await run('replay', 'noise-dream.png', '--check');
  expect([again.code, again.stderr]).toEqual([0, "livedream: the same bytes as 'noise-dream.png'\n"]);
});

test.each<[string, readonly string[], RegExp]>([
  ['a photo and a start', ['photo.jpg', '--from', 'noise:8x8'], /'from' must be left out where pictures are given/],
  ['neither', [], /'picture' must be given, or else --from/],
  ['a start of no size', ['--from', 'noise'], /'from' must be such as 'noise:800x600'/],
  [
    'a spectrum of a colour',
    ['--from', '#336699:8x8', '--spectrum', 'pink'],
    /'spectrum' must be left out of a colour/,
  ],
  ['a mask of too few values', ['photo.jpg', '--mask', 'ellipse:1,2,3'], /'mask.ellipse.radiusY' must be pixels/],
  [
    'an empty mask of a term',
    ['photo.jpg', '--objective', 'filter:owl', '--objective', 'filter:owl in rectangle:500,0,9,9'],
    /'objective\[1\]\.mask' must be a mask that lets something be dreamed/,
  ],
  [
    'a mask beside those of terms',
    ['photo.jpg', '--objective', 'filter:owl in alpha', '--mask', 'alpha'],
    /'mask' must be left out where terms of the objective have masks/,
  ],
  ['a mask of too many', ['photo.jpg', '--mask', 'rectangle:1,2,3,4,5'], /'mask.rectangle.value 5' must be left out/],
  [
    'an edge of no mask',
    ['photo.jpg', '--mask-feather', '3'],
    /'mask' must be of a picture, rectangle, ellipse or alpha/,
  ],
])('says what is wrong with %s, before it loads the network', async (_what, args, message) => {
  const { code, stderr } = await run('dream', ...args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('masks of terms are asked for by their hashes, each with a flag of its own', async () => {
  const raw = { raw: { width: 64, height: 48, channels: 1 } } as const;
  const half = Uint8Array.from({ length: 64 * 48 }, (_, at) => (at % 64 < 32 ? 255 : 0));
  await sharp(half, raw).png().toFile(at('left.png'));
  await sharp(half, raw).negate().png().toFile(at('right.png'));
  const terms = ['filter:owl in left.png', 'filter:flowers*2 in right.png'].flatMap((term) => ['--objective', term]);
  const few = ['--octaves', '2', '--iterations', '2', '--mask-feather', '3', '--device', TEST_DEVICE];
  const made = await run('dream', 'photo.jpg', ...terms, ...few, '-o', 'both.png');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const { objective } = await readParameters(at('both.png'));
  expect(objective).toMatchObject([{ mask: { feather: 3 } }, { weight: 2, mask: { feather: 3 } }]);
  expect(JSON.stringify(objective)).not.toContain('left');
  const without = await run('replay', 'both.png', 'photo.jpg', '--check');
  expect([without.code, without.stderr]).toEqual([2, expect.stringMatching(/--mask.*'objective\[0\]\.mask' was/)]);
  const one = await run('replay', 'both.png', 'photo.jpg', '--mask', 'left.png', '--check');
  expect([one.code, one.stderr]).toEqual([1, expect.stringMatching(/'objective\[1\]\.mask' was.*REPLAY_DIFFERS/)]);
  const again = await run('replay', 'both.png', 'photo.jpg', '--mask', 'right.png', '--mask', 'left.png', '--check');
  expect([again.code, again.stderr]).toEqual([0, "livedream: the same bytes as 'both.png'\n"]);
  const shown = await run('show', 'both.png');
  expect(shown.stdout.toString()).toMatch(/in the mask of SHA-256 [0-9a-f]{64} \+ .* \* 2 in the mask of SHA-256/);
});

test('a dream is never written over its mask', async () => {
  await sharp(at('photo.jpg')).greyscale().png().toFile(at('mask.png'));
  for (const flags of [
    ['--mask', 'mask.png'],
    ['--objective', 'filter:owl in mask.png'],
  ]) {
    const { code, stderr } = await run('dream', 'photo.jpg', ...flags, '-o', 'mask.png');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/mask\.png/)]);
  }
});
