// Models of the user's own: what is found by looking at them, and that they are kept whole or not at all.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import packageRoot from '#package-root';
import { addModel } from '../../lib/catalogue/add.js';
import { Dreamer } from '../../lib/dreamer.js';
import type { ModelDescription } from '../../lib/model/description.js';
import { smallInception } from '../../tools/graphs/small-inception.mjs';
import { rawPicture } from '../support/dreamers.js';
import { inceptionV3Model, squeezenetModel } from '../support/models.js';
import { hasShared } from '../support/pictures.js';
import { useHome } from './support/home.js';
import { centredNetwork, signedNetwork } from './support/networks.js';

const home = useHome();

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(home.folder, name);
  writeFileSync(file, bytes);
  return file;
}

function described(name: string): ModelDescription & { graph: string; notes: string[] } {
  return JSON.parse(readFileSync(path.join(home.models, name, 'model.json'), 'utf8')) as ModelDescription & {
    graph: string;
    notes: string[];
  };
}

const kept = (): string[] => readdirSync(home.models).sort();

const GIVEN = { preprocessing: { mean: 117 } } as const;

describe('a model that is added', () => {
  test('goes by its name from then on, without the file that it came from', async () => {
    const file = write('my net.pb', smallInception());
    const added = await addModel(file, GIVEN);
    expect(added).toMatchObject({ name: 'my-net', linked: false, guess: { certainty: 'given' } });
    rmSync(file);
    const dreamer = await Dreamer.load({ model: 'my-net', device: 'cpu' });
    const { parameters } = await dreamer.dream(rawPicture(64, 64), { octaves: 1, iterations: 1 });
    await dreamer.dispose();
    expect(parameters).toMatchObject({ model: 'my-net', equalize: 'positions' });
    expect(parameters.objective).toMatchObject({ layer: added.description.defaultLayer, kind: 'layer' });
    expect(kept()).toEqual(['my-net']);
  });

  test('has a description of its file, its input and its layers', async () => {
    const bytes = smallInception();
    await addModel(write('net.pb', bytes), { ...GIVEN, name: 'net', title: 'A network', licence: 'MIT' });
    const description = described('net');
    expect(description).toMatchObject({ name: 'net', title: 'A network', licence: 'MIT', graph: 'graph.pb' });
    expect(description).toMatchObject({
      bytes: bytes.byteLength,
      input: 'input',
      defaultOptions: { equalize: 'positions' },
    });
    expect(description.preprocessing).toEqual({ channelOrder: 'rgb', mean: 117, scale: 1 });
    expect(description.layers?.find(({ name }) => name === 'mixed3a')).toEqual({
      ...{ name: 'mixed3a', channels: 64, stride: 8 },
      leastSize: expect.any(Number) as number,
    });
  });

  test('by a link stays where it is', async () => {
    const file = write('net.pb', smallInception());
    const { graph, linked } = await addModel(file, { ...GIVEN, name: 'linked', link: true });
    expect({ graph, linked }).toEqual({ graph: file, linked: true });
    expect(readdirSync(path.join(home.models, 'linked'))).toEqual(['model.json']);
    expect(described('linked').graph).toBe(file);
    rmSync(file);
    await expect(Dreamer.load({ model: 'linked' })).rejects.toThrow(/net\.pb' cannot be read: there is no such file/);
  });

  test('may be a SavedModel, or a folder with a description, which is kept', async () => {
    const saved = path.join(packageRoot, 'test/golden/tiny-saved-model');
    const added = await addModel(saved, { name: 'saved', preprocessing: { mean: 0 } });
    expect(added.graph).toBe(path.join(home.models, 'saved/saved_model'));
    expect(readdirSync(added.graph).sort()).toEqual(['saved_model.pb', 'variables']);
    await (await Dreamer.load({ model: 'saved' })).dispose();

    const folder = path.join(home.folder, 'described');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'graph.pb'), smallInception());
    const own = {
      name: 'told',
      preprocessing: { channelOrder: 'bgr', mean: 100, scale: 0.5 },
      defaultLayer: 'mixed3a',
      defaultOptions: { octaves: 2 },
      filters: { five: { layer: 'mixed3b', channel: 5 } },
      notes: 'mine',
    };
    writeFileSync(path.join(folder, 'model.json'), JSON.stringify(own));
    expect((await addModel(folder)).guess.certainty).toBe('given');
    expect(described('told')).toMatchObject(own);
  });

  test('tells how far it is, and is cancelled without leaving anything', async () => {
    const file = write('net.pb', centredNetwork());
    const phases = new Set<string>();
    await addModel(file, { name: 'told', onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(['look', 'try', 'copy']);
    const controller = new AbortController();
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'try') controller.abort();
    };
    await expect(addModel(file, { name: 'cancelled', signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_ABORTED',
    });
    expect(kept()).toEqual(['told']);
  });
});

describe('preprocessing', () => {
  test('is told from a trial for a network of 0..255 minus a mean', async () => {
    const { guess } = await addModel(write('net.pb', centredNetwork()));
    expect(guess).toMatchObject({ certainty: 'clear', preprocessing: { channelOrder: 'rgb', mean: 117, scale: 1 } });
    expect(guess.tried.length).toBeGreaterThan(5);
    expect(described('net').notes.join(' ')).toMatch(/preprocessing is a guess: .*No trial can tell RGB from BGR/);
  });

  test('is told for a network of -1..1', async () => {
    const { guess } = await addModel(write('net.pb', signedNetwork()));
    expect(guess).toMatchObject({ certainty: 'clear', preprocessing: { mean: 127.5 } });
    expect(guess.preprocessing.scale).toBeCloseTo(1 / 127.5, 8);
  });

  test("is BGR where the layers have names of Caffe's, which it says", async () => {
    const { guess } = await addModel(write('net.pb', centredNetwork('fire2/squeeze1x1/')));
    expect(guess.preprocessing).toEqual({ channelOrder: 'bgr', mean: [103.939, 116.779, 123.68], scale: 1 });
    expect(guess.why).toMatch(/names of Caffe's \('fire2\/squeeze1x1/);
  });

  test('keeps an order of colours that was given', async () => {
    const { guess } = await addModel(write('net.pb', centredNetwork()), { preprocessing: { channelOrder: 'bgr' } });
    expect(guess.preprocessing).toEqual({ channelOrder: 'bgr', mean: 117, scale: 1 });
    expect(guess.tried.every(({ preprocessing }) => preprocessing.channelOrder === 'bgr')).toBe(true);
  });

  test('is what is usual, and called so, where random weights tell nothing', async () => {
    const { guess } = await addModel(write('net.pb', smallInception()));
    expect(guess).toMatchObject({ certainty: 'unclear', preprocessing: { channelOrder: 'rgb', mean: 117, scale: 1 } });
    expect(guess.why).toMatch(/cannot be told/);
  });

  test.skipIf(!hasShared)("is Inception v3's own (../shared)", async () => {
    const { guess, description } = await addModel(inceptionV3Model('mixed_4/join', []).file);
    expect(guess.certainty).toBe('clear');
    expect(guess.preprocessing).toEqual({ channelOrder: 'rgb', mean: 127.5, scale: 0.00784313725 });
    expect(description.defaultLayer).toBe('mixed_4/join');
  });

  test.skipIf(!hasShared)("is SqueezeNet's own (../shared)", async () => {
    const { guess, description } = await addModel(squeezenetModel().file);
    expect(guess.certainty).toBe('clear');
    expect(guess.preprocessing).toEqual({ channelOrder: 'bgr', mean: [103.939, 116.779, 123.68], scale: 1 });
    expect(description.defaultLayer).toBe('fire6/concat');
  });

  test("is that of the package's own network", async () => {
    const { guess } = await addModel(path.join(packageRoot, 'models/dream/graph.pb'), { name: 'again' });
    expect(guess).toMatchObject({ certainty: 'clear', preprocessing: { channelOrder: 'rgb', mean: 117, scale: 1 } });
  });
});

describe('a name', () => {
  const WRONG: readonly (readonly [string, RegExp])[] = [
    ['../up', /letters, digits/],
    ['a/b', /letters, digits/],
    ['a\\b', /letters, digits/],
    ['..', /letters, digits/],
    ['.hidden', /letters, digits/],
    ['dot.', /letters, digits/],
    ['', /letters, digits/],
    ['x'.repeat(65), /at most 64/],
    ['nul', /Windows device/],
    ['COM1.net', /Windows device/],
    ['net.pb', /path of a model/],
    ['dream', /a model of the package has this name/],
    ['Dream', /a model of the package has this name/],
  ];
  test.each(WRONG)('%j is refused', async (name, says) => {
    const adding = addModel(write('net.pb', smallInception()), { ...GIVEN, name });
    await expect(adding).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    await expect(adding).rejects.toThrow(says);
  });

  test('that another model of yours has, in upper case or lower, is refused', async () => {
    const file = write('net.pb', smallInception());
    await addModel(file, { ...GIVEN, name: 'Mine' });
    await expect(addModel(file, { ...GIVEN, name: 'mine' })).rejects.toThrow(
      /you have a model 'Mine'.*models remove Mine/,
    );
    expect(kept()).toEqual(['Mine']);
  });
});

describe('what cannot be added leaves nothing', () => {
  test('a file that is cut off, damaged or not there', async () => {
    const whole = smallInception();
    const cut = write('cut.pb', whole.subarray(0, 50_000));
    await expect(addModel(cut, GIVEN)).rejects.toThrow(/cut off/);
    const folder = path.join(home.folder, 'damaged');
    cpSync(path.join(packageRoot, 'models/dream'), folder, { recursive: true });
    const bytes = readFileSync(path.join(folder, 'graph.pb'));
    bytes.writeUInt8(bytes.readUInt8(2_000_000) ^ 1, 2_000_000);
    writeFileSync(path.join(folder, 'graph.pb'), bytes);
    await expect(addModel(folder, { name: 'damaged' })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_CHECKSUM' });
    await expect(addModel(path.join(home.folder, 'none.pb'))).rejects.toThrow(/no such file/);
    expect(readdirSync(home.folder)).not.toContain('my models');
  });

  test('a folder for models that is a file', async () => {
    vi.stubEnv('LIVEDREAM_MODELS', write('file', Buffer.from('x')));
    const adding = addModel(write('net.pb', smallInception()), GIVEN);
    await expect(adding).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' });
    await expect(adding).rejects.toThrow(/a file and no folder.*LIVEDREAM_MODELS/);
  });

  test('a disk that is full', async (context) => {
    mkdirSync(home.models);
    try {
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home.models], { stdio: 'ignore' });
    } catch {
      return context.skip('needs to mount a tmpfs');
    }
    try {
      const adding = addModel(write('net.pb', smallInception()), GIVEN);
      await expect(adding).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' });
      await expect(adding).rejects.toThrow(/'net' cannot be kept in '.*my models': the disk is full \(ENOSPC\)/);
      expect(kept()).toEqual([]);
    } finally {
      execFileSync('/bin/umount', [home.models]);
    }
  });
});
