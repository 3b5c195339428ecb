// Dreams that are guided by another picture: what they are told, what is kept, and how they are made again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine } from '../../lib/binding/native.js';
import type { Dream, PictureParameters } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import { type GuideWork, withGuides } from '../../lib/guide.js';
import { withParameters } from '../../lib/image/parameters.js';
import type { PictureInput } from '../../lib/image/source.js';
import { DREAM_OPTIONS } from '../../lib/options/dream-options.js';
import { readOptions } from '../../lib/options/read.js';
import type { TermOptions } from '../../lib/options/terms.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { replay } from '../../lib/replay/replay.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { meanDifference } from '../support/pictures.js';

const picture = rawPicture(64, 48);
const STEPS = { octaves: 1, iterations: 4 } as const;
const bytesOf = ({ data }: Pick<Dream, 'data'>): Buffer => Buffer.from(data);

let dreamer: Dreamer;
let folder: string;
let stripes: string;
let dots: string;

/** A picture of the function's grey. */
async function drawn(
  name: string,
  width: number,
  height: number,
  grey: (x: number, y: number) => number,
): Promise<string> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return grey(pixel % width, Math.floor(pixel / width));
  });
  const file = path.join(folder, name);
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(file);
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-secret-guides-'));
  stripes = await drawn('secret-stripes.png', 80, 64, (x) => (x % 8 < 4 ? 20 : 230));
  dots = await drawn('secret-dots.png', 500, 250, (x, y) => ((x % 20) + (y % 20) < 10 ? 240 : 30));
  dreamer = await smallDreamer();
});
afterAll(async () => {
  await dreamer?.dispose();
  await rm(folder, { recursive: true });
});

const guided = (guide: TermOptions & { guide: unknown }): { objective: TermOptions[] } => ({ objective: [guide] });

describe.each(['dot', 'statistics'] as const)("match '%s'", (match) => {
  test('becomes more like the guide, whole or in tiles, with jitter', async () => {
    for (const tileSize of [512, 32]) {
      const options = { ...guided({ guide: stripes, layer: ['mixed3a', 'mixed3b'], match }), tileSize };
      const likeness = async (of: PictureInput): Promise<number> => (await dreamer.gradient(of, options)).objective;
      const { data } = await dreamer.dream(picture, { ...options, octaves: 1, iterations: 8, step: 0.5 });
      const dreamed = { data, width: 64, height: 48, channels: 3 } as const;
      // Shifts change what a step sees, so that its own objective tells less.
      expect(await likeness(dreamed)).toBeGreaterThan(await likeness(picture));
    }
  });

  test('another guide gives another dream, and the same one the same', async () => {
    const of = (guide: string): Promise<Dream> =>
      dreamer.dream(picture, { ...guided({ guide, layer: 'mixed3b', match }), ...STEPS });
    const [one, other, again] = [await of(stripes), await of(dots), await of(stripes)];
    expect(bytesOf(one)).toEqual(bytesOf(again));
    expect(bytesOf(one)).not.toEqual(bytesOf(other));
  });
});

test('a guide of another size is resized, and that is said', async () => {
  const { warnings } = await dreamer.dream(picture, { ...guided({ guide: dots, layer: 'mixed3b' }), ...STEPS });
  expect(warnings).toContain('The guide of objective[0] was resized from 500 x 250 to 224 x 112 pixels.');
  const same = await dreamer.dream(picture, { ...guided({ guide: stripes, layer: 'mixed3b' }), ...STEPS });
  expect(same.warnings).toEqual([]);
});

test('the engine is asked once for a guide that it has seen, whatever it is called', async () => {
  let asked = 0;
  const engine = {
    features: async () => {
      asked += 1;
      return new Float32Array(2 * 8);
    },
  } as unknown as NativeEngine;
  const layer = { name: 'l', op: 'Relu', channels: 8, stride: 8, leastSize: 8, bytesPerPixel: 100, fixedBytes: 0 };
  const signal = new AbortController().signal;
  const work = {
    ticket: {
      caller: { signal, hear: (promise: Promise<unknown>) => promise },
      hear: (promise: Promise<unknown>) => promise,
      native: (of: (cancellation: unknown) => unknown) => of(undefined),
    },
    station: { engine, memoryLimit: 2 ** 30 },
    model: { layer: async () => layer },
    options: readOptions(DREAM_OPTIONS, {}),
    mode: { xla: false, precision: 'float32', rewrites: [] },
  } as unknown as GuideWork;
  const term = { layer: 'l', weight: 1, kind: 'guide', match: 'dot', field: 'objective[0]' } as const;
  const bytes = await sharp(stripes).png().toBuffer();
  for (const guide of [bytes, Uint8Array.from(bytes), bytes]) {
    const { terms } = await withGuides([{ ...term, guide }], work);
    expect(terms).toMatchObject([{ features: { rows: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } }]);
  }
  expect(asked).toBe(1);
  await withGuides([{ ...term, guide: dots }], work);
  await withGuides([{ ...term, guide: bytes, match: 'statistics' }], work);
  expect(asked).toBe(3);
});

test('pictures tell the hash of their guide and no path, and are made again where it is given', async () => {
  const photo = await sharp(stripes).negate().png().toBuffer();
  const terms: TermOptions[] = [
    { guide: dots, layer: ['mixed3a', 'mixed3b'], match: 'dot' },
    { layer: 'mixed3b', weight: 0.2 },
  ];
  const dream = await dreamer.dream(photo, { objective: terms, ...STEPS });
  const written = await dream.toBuffer();
  expect(written.toString('latin1')).not.toContain('secret');
  const parameters: PictureParameters = await readParameters(written);
  expect(parameters).toMatchObject({
    record: 2,
    objective: [{ guide: { sha256: expect.any(String) } }, { match: 'dot' }, {}],
  });

  const again = await replay(dreamer, photo, parameters, { guides: [stripes, dots] });
  expect(bytesOf(again)).toEqual(bytesOf(dream));
  expect(await again.toBuffer()).toEqual(written);

  for (const guides of [[], [stripes]])
    await expect(replay(dreamer, photo, parameters, { guides })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_REPLAY_DIFFERS',
      message: expect.stringMatching(/guided by a picture of SHA-256 [0-9a-f]{64}/),
    });
  const forced = await replay(dreamer, photo, parameters, { guides: [stripes], force: true });
  expect(bytesOf(forced)).not.toEqual(bytesOf(dream));
  await expect(dreamer.dream(photo, dream.parameters)).rejects.toThrow(
    /'objective\[0\]\.guide' must be the picture of SHA-256 [0-9a-f]{64}: a dream's parameters tell which it was/,
  );
});

test("a stranger's picture names no file to look at", async () => {
  const written = await dreamer.dream(picture, { ...guided({ guide: stripes, layer: 'mixed3b' }), ...STEPS });
  const { objective: _own, ...others } = written.pictureParameters() as PictureParameters;
  const red = sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } }).png();
  for (const guide of [dots, { sha256: dots }, { sha256: '0'.repeat(64), data: [1] }]) {
    const objective = [{ layer: 'mixed3b', guide, match: 'dot', weight: 1 }];
    const strange = await withParameters(red.clone(), {
      ...others,
      objective,
    } as unknown as PictureParameters).toBuffer();
    await expect(readParameters(strange)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_PARAMETERS_UNREADABLE' });
  }
});

test('batches, variations and streams are guided too', async () => {
  const options = { ...guided({ guide: stripes, layer: 'mixed3b' }), ...STEPS };
  const alone = await dreamer.dream(picture, { ...options, batch: 1 });
  const close = (dream: Pick<Dream, 'data'>): void =>
    expect(meanDifference(Float32Array.from(dream.data), Float32Array.from(alone.data))).toBeLessThan(0.2);
  for await (const { dream } of dreamer.dreamAll([picture, picture], { ...options, batch: 2 })) close(dream as Dream);
  const dreams: Dream[] = [];
  const others = [{ objective: options.objective }, guided({ guide: dots, layer: 'mixed3b' })];
  for await (const { index, dream } of dreamer.variations(picture, others, STEPS)) dreams[index] = dream;
  close(dreams[0] as Dream);
  expect(bytesOf(dreams[1] as Dream)).not.toEqual(bytesOf(dreams[0] as Dream));
  const raw = { data: new Uint8Array(64 * 64 * 3).fill(90), width: 64, height: 64, channels: 3 } as const;
  for await (const frame of dreamer.stream([picture, picture], {
    ...guided({ guide: raw, layer: 'mixed3b' }),
    ...STEPS,
  }))
    expect(frame.parameters.objective).toMatchObject([{ guide: { sha256: expect.any(String) } }]);
});

test('a guide that is no picture, or too small for its layer, is refused', async () => {
  const dream = (guide: unknown): Promise<Dream> =>
    dreamer.dream(picture, guided({ guide: guide as string, layer: 'mixed3b' }));
  await expect(dream(path.join(folder, 'none.png'))).rejects.toThrow(
    /^'objective\[0\]\.guide': .*none\.png' cannot be read: there is no such file/,
  );
  await expect(dream(7)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_TYPE' });
  const small = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 };
  await expect(dream(small)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_TOO_SMALL' });
});
