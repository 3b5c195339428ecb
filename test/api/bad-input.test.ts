import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import type { PictureInput } from '../../lib/image/source.js';
import type { DreamOptions } from '../../lib/options/dream-options.js';
import { GraphDef } from '../../tools/graphs/graph-def.mjs';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { smallModel } from '../support/models.js';
import { hasShared, SHARED } from '../support/pictures.js';

let dreamer: Dreamer;
let folder: string;
beforeAll(async () => {
  dreamer = await smallDreamer({ memoryLimit: 2 ** 30 });
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-bad-'));
});
afterAll(async () => {
  await dreamer.dispose();
  await rm(folder, { recursive: true });
});

/** The dream is refused with this code, its message says this, and the engine has not stepped. */
async function refused(picture: PictureInput, options: DreamOptions, code: string, says: RegExp): Promise<void> {
  const { steps } = dreamer.statistics();
  await expect(dreamer.dream(picture, options)).rejects.toMatchObject({
    code: `ERR_LIVEDREAM_${code}`,
    message: expect.stringMatching(says),
  });
  expect(dreamer.statistics().steps).toBe(steps);
}

describe('pictures', () => {
  test('of 100 megapixels over the memory limit are refused by their header', async () => {
    const file = path.join(folder, 'huge.png');
    await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: 'grey' } })
      .png({ compressionLevel: 1 })
      .toFile(file);
    const start = performance.now();
    await refused(file, {}, 'IMAGE_TOO_LARGE', /10000 x 10000.*MiB.*1024 MiB/);
    // Decoding it takes half a second and more.
    expect(performance.now() - start).toBeLessThan(200);
  });
  test('of 1 x 1 and with too many octaves are refused', async () => {
    await refused(rawPicture(1, 1), { octaves: 1 }, 'IMAGE_TOO_SMALL', /1 x 1/);
    await refused(rawPicture(64, 64), { octaves: 12 }, 'IMAGE_TOO_SMALL', /12 octaves.*it can have \d octaves/);
  });
  test('that are none are refused', async () => {
    await refused(path.join(folder, 'none.png'), {}, 'IMAGE_UNREADABLE', /no such file/);
    await refused(new Uint8Array(100), {}, 'IMAGE_UNREADABLE', /buffer/);
  });
});

describe('objectives', () => {
  test('on a layer that is not there, with near names', async () => {
    await refused(rawPicture(64, 64), { layer: 'mixed3b_3x3_pre_rel' }, 'LAYER_UNKNOWN', /'mixed3b_3x3_pre_relu'/);
  });
  test('on a channel that is not there, with those that are', async () => {
    await refused(rawPicture(64, 64), { layer: 'mixed3b', channel: 64 }, 'CHANNEL_RANGE', /0 to 63, not 64/);
  });
  test('by a filter that is not there', async () => {
    await refused(rawPicture(64, 64), { filter: 'stars' }, 'FILTER_UNKNOWN', /no filter 'stars'; it has none/);
  });
  test('with numbers that are none', async () => {
    await refused(rawPicture(64, 64), { step: Number.NaN }, 'OPTION_RANGE', /'step'.*NaN/);
    await refused(rawPicture(64, 64), { octaveScale: Number.POSITIVE_INFINITY }, 'OPTION_RANGE', /Infinity/);
  });
});

describe('models', () => {
  const load = (model: unknown): Promise<Dreamer> => Dreamer.load({ model, device: 'cpu' } as never);
  async function unloadable(model: unknown, code: string, says: RegExp): Promise<void> {
    await expect(load(model)).rejects.toMatchObject({
      code: `ERR_LIVEDREAM_${code}`,
      message: expect.stringMatching(says),
    });
  }

  test('that are not there, empty, a folder or no GraphDef', async () => {
    await unloadable('no-such-model', 'MODEL_UNKNOWN', /'no-such-model'.*'dream'/);
    await unloadable(path.join(folder, 'none.pb'), 'MODEL_UNREADABLE', /no such file/);
    const file = path.join(folder, 'graph.pb');
    await writeFile(file, '');
    await unloadable(file, 'MODEL_UNREADABLE', /it is empty/);
    await writeFile(file, Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)));
    await unloadable(file, 'MODEL_UNREADABLE', /cannot read the graph/);
    await unloadable({ graph: new Uint8Array(0) }, 'MODEL_UNREADABLE', /empty/);
    await unloadable({ graph: 7 }, 'OPTION_TYPE', /model\.graph/);
  });

  test('cut off in the middle', async () => {
    const { file } = smallModel();
    const bytes = await import('node:fs/promises').then(({ readFile }) => readFile(file));
    await unloadable({ graph: bytes.subarray(0, 50_000) }, 'MODEL_UNREADABLE', /./);
  });

  test('without the input that the description names', async () => {
    const { file } = smallModel();
    await unloadable(
      { graph: file, input: 'image' },
      'MODEL_UNREADABLE',
      /no input 'image'; its placeholders are 'input'/,
    );
  });

  test('whose SHA-256 or description is wrong', async () => {
    const { file } = smallModel();
    await unloadable({ graph: file, sha256: 'ab'.repeat(32) }, 'CHECKSUM', /SHA-256/);
    await unloadable({ graph: file, preprocessing: { scale: 0 } }, 'MODEL_UNREADABLE', /preprocessing\.scale/);
    await unloadable({ graph: file, filters: { a: {} } }, 'MODEL_UNREADABLE', /filter 'a' must name a layer/);
    for (const [description, says] of [
      [{ filters: { a: { layer: 'b', channel: -1 } } }, /in filter 'a': Option 'channel' must be .* -1/],
      [{ filters: { a: { layer: 'b', options: { octaves: 99 } } } }, /'options' of filter 'a': Option 'octaves'.* 99/],
      [{ filters: { a: { layer: 'b', options: { seed: 1 } } } }, /'options' of filter 'a': Option 'seed'/],
      [{ defaultOptions: { step: '2' } }, /'defaultOptions': Option 'step' must be a number/],
      [{ channelNames: { mixed3b: 'owl' } }, /'channelNames.mixed3b' must be a list of names/],
      [{ channelNames: { mixed3b: ['owl'] } }, /1 names for the layer 'mixed3b', but the layer has 64 channels/],
      [{ channelNames: { mixed9: ['owl'] } }, /'mixed9', but the network has no such layer/],
    ] as const)
      await unloadable({ graph: file, ...description }, 'MODEL_UNREADABLE', says);
  });

  test('that cannot be differentiated up to the layer', async () => {
    const graph = new GraphDef();
    // An operation of floats that TensorFlow has no gradient for.
    graph.node('HSVToRGB', 'colours', [graph.placeholder('input')], { T: Buffer.from([0x30, 1]) });
    const bad = await load({ graph: graph.bytes(), preprocessing: { mean: 0 } });
    const dream = bad.dream(rawPicture(32, 32), { octaves: 1, iterations: 1, layer: 'colours' });
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_NOT_DIFFERENTIABLE' });
    await expect(dream).rejects.toThrow(/'colours', a HSVToRGB between the picture and the layer, cannot be different/);
    await bad.dispose();
  });

  test('whose picture turns to NaN stop with the octave and the iteration', async () => {
    const graph = new GraphDef();
    const input = graph.placeholder('input');
    const weight = graph.constant('w', [1, 1, 3, 3], Float32Array.of(3e38, 0, 0, 0, 3e38, 0, 0, 0, 3e38));
    graph.conv2d('out', graph.conv2d('first', input, weight), weight);
    const bad = await load({ graph: graph.bytes(), preprocessing: { mean: 0 } });
    const dream = bad.dream(rawPicture(48, 48), { octaves: 2, iterations: 3, layer: 'out' });
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_NOT_FINITE', octave: 0, iteration: 0 });
    await expect(dream).rejects.toThrow(/octave 0 at iteration 0/);
    await bad.dispose();
  });
});

describe('devices and results', () => {
  test('a GPU that is not there is an error with the reason, and so is a wrong name', async () => {
    await expect(smallDreamer({ device: 'gpu' })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE' });
    await expect(smallDreamer({ device: 'cuda' })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
  });
  test('an unwritable output is refused and leaves nothing', async () => {
    const dream = await dreamer.dream(rawPicture(40, 40), { octaves: 1, iterations: 1 });
    const before = await readdir(folder);
    for (const file of [path.join(folder, 'none/a.png'), path.join(folder, 'a.doc'), folder]) {
      await expect(dream.toFile(file)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' });
    }
    expect(await readdir(folder)).toEqual(before);
  });
});

test.skipIf(!hasShared)('a layer below 75 pixels of Inception v3 is refused (../shared)', async () => {
  const model = {
    graph: path.join(SHARED, 'models/inception_v3_2015.pb'),
    preprocessing: { mean: 127.5, scale: 2 / 255 },
  };
  const inception = await Dreamer.load({ model, device: 'cpu' });
  const dream = inception.dream(rawPicture(100, 80), { layer: 'mixed_8/join', octaves: 2 });
  await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_TOO_SMALL' });
  await expect(dream).rejects.toThrow(/at least 7\d x 7\d/);
  await inception.dispose();
});
