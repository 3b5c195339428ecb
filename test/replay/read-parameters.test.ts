import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PictureParameters } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import { withParameters } from '../../lib/image/parameters.js';
import { xmpOf } from '../../lib/page/xmp.js';
import { readParameters, readSettings } from '../../lib/replay/read-parameters.js';
import { smallDreamer } from '../support/dreamers.js';
import { madePicture } from '../support/pictures.js';

const FORMATS = ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const;

let dreamer: Dreamer;
let folder: string;
let file: string;
let parameters: PictureParameters;

const red = (): Sharp => sharp({ create: { width: 9, height: 7, channels: 3, background: 'red' } });

beforeAll(async () => {
  dreamer = await smallDreamer();
  folder = mkdtempSync(path.join(tmpdir(), 'livedream-secret-folder-'));
  file = path.join(folder, 'secret-name.png');
  const raw = { width: 64, height: 64, channels: 3 } as const;
  await sharp(Buffer.from(Uint8Array.from(madePicture(64, 64))), { raw })
    .png()
    .toFile(file);
  const dream = await dreamer.dream(file, { octaves: 1, iterations: 1, seed: 2n ** 63n });
  parameters = await readParameters(await dream.toBuffer());
});
afterAll(async () => {
  await dreamer?.dispose();
  rmSync(folder, { recursive: true });
});

test.each(FORMATS)('%s holds everything and nothing private', async (format) => {
  const dream = await dreamer.dream(file, { octaves: 1, iterations: 1, seed: 2n ** 63n });
  const written = path.join(folder, `dream.${format}`);
  await dream.toFile(written);
  expect(await readParameters(written)).toEqual(parameters);
  expect(await readParameters(new Blob([new Uint8Array(await dream.toBuffer(format))]))).toEqual(parameters);
  const bytes = await dream.toBuffer(format);
  const names = ['secret', path.basename(folder), folder, process.cwd(), homedir(), hostname(), userInfo().username];
  const text = bytes.toString('latin1') + JSON.stringify(parameters);
  for (const name of names.filter((each) => each.length > 4)) expect(text).not.toContain(name);
  expect(parameters).toMatchObject({
    record: 1,
    model: dreamer.model,
    modelSha256: dreamer.modelSha256,
    seed: (2n ** 63n).toString(),
    batch: 1,
    made: { device: expect.stringMatching(/^[cg]pu$/), xla: false, precision: 'float32' },
    source: { of: 'bytes', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), width: 64, height: 64 },
  });
});

test.each(FORMATS)('%s is without them where that is asked for, with the same pixels', async (format) => {
  const dream = await dreamer.dream(file, { octaves: 1, iterations: 1 });
  const [plain, marked] = [await dream.toBuffer(format, { parameters: false }), await dream.toBuffer(format)];
  expect((await sharp(plain).metadata()).xmp).toBeUndefined();
  await expect(readParameters(plain)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_PARAMETERS_MISSING' });
  expect((await sharp(plain).raw().toBuffer()).equals(await sharp(marked).raw().toBuffer())).toBe(true);
});

const DAMAGED: readonly (readonly [string, (good: PictureParameters) => unknown, RegExp])[] = [
  ['a text', () => 'dream', /are "dream"/],
  ['null', () => null, /are null/],
  ['an array', () => [], /an array/],
  ['no model', ({ model: _model, ...rest }) => rest, /'model' is undefined/],
  ['a hash that is none', (good) => ({ ...good, modelSha256: '../../etc' }), /'modelSha256'/],
  ['an objective of text', (good) => ({ ...good, objective: 'owl' }), /'objective'/],
  [
    'a channel that is none',
    (good) => ({ ...good, objective: { ...good.objective, channels: [null] } }),
    /'objective'/,
  ],
  ['options out of range', (good) => ({ ...good, octaves: 1e9 }), /'octaves'/],
  ['an unknown option', (good) => ({ ...good, exec: 'rm' }), /'exec'/],
  ['a prototype', (good) => ({ ...good, made: JSON.parse('{"__proto__":{"device":"cpu"}}') }), /'made\.tensorflow'/],
  ['a million copies', (good) => ({ ...good, together: 1e6 }), /'together'/],
  ['a device of another name', (good) => ({ ...good, made: { ...good.made, device: 'tpu' } }), /'made\.device'/],
  ['a source without a hash', (good) => ({ ...good, source: { of: 'bytes' } }), /'source\.sha256'/],
];

test.each(DAMAGED)('%s is refused', async (_what, damage, message) => {
  const bytes = await withParameters(red(), damage(parameters) as object)
    .png()
    .toBuffer();
  await expect(readParameters(bytes)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_PARAMETERS_UNREADABLE',
    message: expect.stringMatching(message),
  });
});

test('those of a later version are refused as such, whatever they say', async () => {
  const bytes = await withParameters(red(), { record: 3, livedream: '9.0.0', recipe: {} }).png().toBuffer();
  await expect(readParameters(bytes)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_PARAMETERS_NEWER',
    message: expect.stringMatching(/version 3, by livedream "9.0.0"; known are those up to 2/),
  });
});

test('the settings of a live picture of the page are told from parameters', async () => {
  const live = { livedream: '0.1.0', model: 'dream', filter: 'owl', blend: 0.8 };
  const bytes = await withParameters(red(), live).png().toBuffer();
  expect(await readSettings(bytes)).toEqual(live);
  await expect(readParameters(bytes)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_PARAMETERS_MISSING',
    message: expect.stringMatching(/a live picture of the page/),
  });
});

test('bytes of the XMP that are others by chance are an error or parameters, and never a crash', async () => {
  const good = await withParameters(red(), parameters).tiff().toBuffer();
  const begin = good.indexOf('<?xpacket');
  const length = good.indexOf('<?xpacket end') - begin;
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const codes = new Set<string | undefined>();
  for (let round = 0; round < 400; round += 1) {
    const bytes = Buffer.from(good);
    for (let change = 0; change <= round % 4; change += 1) bytes[begin + random(length)] = random(256);
    codes.add(
      await readSettings(bytes).then(
        () => undefined,
        (error: { code?: string }) => error.code ?? 'none',
      ),
    );
  }
  const known = ['PARAMETERS_UNREADABLE', 'PARAMETERS_MISSING', 'PARAMETERS_NEWER', 'IMAGE_UNREADABLE'];
  expect([...codes].filter((code) => code && !known.includes(code.replace('ERR_LIVEDREAM_', '')))).toEqual([]);
  expect(codes.size).toBeGreaterThan(1);
});

test.each([
  ['cut off', (xmp: string) => xmp.replace('&quot;', '')],
  ['of another encoding', (xmp: string) => xmp.replace('&quot;', '&#x110000;&#0;')],
  ['empty', (xmp: string) => xmp.replace(/(<livedream:parameters>)[^<]*/, '$1')],
])('XMP that is %s is an error', async (_what, damage) => {
  const bytes = await red()
    .withXmp(damage(xmpOf(parameters)))
    .jpeg()
    .toBuffer();
  await expect(readParameters(bytes)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_PARAMETERS_UNREADABLE' });
});

test('what another program wrote again as an attribute is read, beside what it says itself', async () => {
  const text = JSON.stringify(parameters).replaceAll('&', '&amp;').replaceAll('"', '&#34;').replaceAll('<', '&lt;');
  const xmp =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description rdf:about="" xmlns:livedream="urn:livedream:parameters" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ' +
    `xmp:Rating="5" livedream:parameters="${text}"/></rdf:RDF></x:xmpmeta>`;
  expect(await readParameters(await red().withXmp(xmp).png().toBuffer())).toEqual(parameters);
});

test.each(FORMATS)('foreign XMP in %s is none of ours, and is left alone in the photo', async (format) => {
  const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><a:b xmlns:a="urn:a">livedream:parameters</a:b></x:xmpmeta>';
  const photo = path.join(folder, `foreign.${format}`);
  const before = await red().resize(64, 64).withXmp(xmp).toFormat(format).toBuffer();
  writeFileSync(photo, before);
  await expect(readParameters(photo)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_PARAMETERS_MISSING' });
  const dream = await dreamer.dream(photo, { octaves: 1, iterations: 1 });
  expect((await readParameters(await dream.toBuffer(format))).source?.of).toBe('bytes');
  expect((await sharp(photo).metadata()).xmpAsString).toBe(xmp);
});

/** A PNG of one chunk more, before its pixels. */
async function pngWith(name: string, content: Buffer): Promise<Buffer> {
  const png = await red().png().toBuffer();
  const body = Buffer.concat([Buffer.from(name), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, 33), length, body, sum, png.subarray(33)]);
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const HUGE = 12 * 2 ** 20;

test.each([
  ['plain', (xmp: Buffer) => Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0\0\0\0'), xmp])],
  ['a bomb', (xmp: Buffer) => Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0'), deflateSync(xmp)])],
])('huge XMP, %s, is an error and no crash', async (_what, chunk) => {
  const xmp = Buffer.from(`<livedream:parameters>${'['.repeat(HUGE)}</livedream:parameters>`);
  const code = await readParameters(await pngWith('iTXt', chunk(xmp))).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
  expect(code).toMatch(/^ERR_LIVEDREAM_(PARAMETERS_UNREADABLE|PARAMETERS_MISSING|IMAGE_UNREADABLE)$/);
});

test('JSON as deep as it may be long is an error and no crash', async () => {
  const deep = `<livedream:parameters>${'['.repeat(2 ** 21)}</livedream:parameters>`;
  const bytes = await red().withXmp(deep).tiff().toBuffer();
  await expect(readParameters(bytes)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_PARAMETERS_UNREADABLE' });
});

test('what is no picture is refused as such', async () => {
  const unreadable = { code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' };
  await expect(readParameters(path.join(folder, 'none.png'))).rejects.toMatchObject(unreadable);
  await expect(readParameters(Buffer.from('text'))).rejects.toMatchObject(unreadable);
  const inside = path.join(folder, 'inside');
  mkdirSync(inside);
  await expect(readParameters(inside)).rejects.toMatchObject(unreadable);
  await expect(readParameters(red())).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_TYPE' });
});
