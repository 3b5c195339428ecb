// Inputs of every kind that frozen graphs have: graphs as TensorFlow writes them, against TensorFlow's own gradients.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import type { ModelDescription } from '../../lib/model/description.js';
import { rawPicture } from '../support/dreamers.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference, readFloats, referencePython } from '../support/reference.js';

const run = promisify(execFile);
const SIDE = 96;
const script = path.join(packageRoot, 'tools/reference/input_graphs.py');
const picture = { data: madePicture(SIDE, SIDE), width: SIDE, height: SIDE, channels: 3 } as const;

let folder: string;

/** Made once for the same script. */
beforeAll(async () => {
  if (!hasReference) return;
  const hash = createHash('sha256')
    .update(await readFile(script))
    .digest('hex')
    .slice(0, 16);
  folder = path.join(packageRoot, '.cache/input-graphs', hash);
  if (existsSync(folder)) return;
  const temporary = `${folder}.${process.pid}`;
  await mkdir(temporary, { recursive: true });
  await writeFile(path.join(temporary, 'picture.f32'), new Uint8Array(picture.data.buffer));
  await run(referencePython, [script, temporary], { maxBuffer: 2 ** 24 });
  await rename(temporary, folder);
}, 120_000);

const graphOf = (name: string): string => path.join(folder, `${name}.pb`);

/** What its author says of a graph, and what livedream has to find by itself. */
interface Kind {
  readonly described?: ModelDescription;
  readonly input: Readonly<Record<string, unknown>>;
  readonly xla?: true;
  readonly layers?: readonly string[];
}

const float = { type: 'float32', layout: 'NHWC', mean: [117, 117, 117], scale: 1 };
const bytes = { type: 'uint8', layout: 'NHWC', mean: [0, 0, 0], scale: 1 };
const BODY = ['first', 'first_relu', 'second'];

const KINDS: Record<string, Kind> = {
  'bytes-cast': {
    input: { ...bytes, name: 'image_tensor', shape: '[1, ?, ?, 3]' },
    layers: ['ToFloat', 'sub', 'mul', ...BODY],
    xla: true,
  },
  // Bytes that were only moved are no layer.
  'bytes-cropped': { input: { ...bytes, shape: '[?, ?, ?, 3]' }, layers: ['Cast', 'sub', 'mul', ...BODY], xla: true },
  detection: { input: { ...bytes, name: 'image_tensor' }, xla: true },
  'detection-loop': {
    described: { input: 'Preprocessor/sub:0' },
    input: { ...float, name: 'Preprocessor/sub' },
    layers: BODY,
  },
  half: { input: { ...float, name: 'input', type: 'float16', shape: '[?, ?, ?, 3]' }, xla: true },
  'brain-half': { input: { ...float, name: 'input', type: 'bfloat16' }, xla: true },
  'one-picture': { input: { ...float, name: 'image', shape: '[?, ?, 3]', layout: 'HWC' }, xla: true },
  'one-picture-first': {
    input: { ...float, name: 'image', shape: '[3, ?, ?]', layout: 'CHW' },
    layers: ['ExpandDims', 'sub', 'mul', 'transpose', ...BODY],
    xla: true,
  },
  'one-picture-of-bytes': { input: { ...bytes, shape: '[?, ?, 3]', layout: 'HWC' } },
  'channels-first': { input: { ...float, name: 'data', shape: '[?, 3, 96, 96]', layout: 'NCHW' } },
  'batch-of-one': { input: { ...float, name: 'x', shape: '[1, ?, ?, 3]' } },
  'batch-of-four': { input: { ...float, name: 'x', shape: '[4, ?, ?, 3]' }, xla: true },
  'fixed-size': { input: { ...float, name: 'x', shape: '[1, 96, 96, 3]' }, layers: ['sub', 'mul', ...BODY] },
  'default-picture': { input: { ...float, name: 'picture', shape: '[?, ?, ?, 3]' } },
  dropout: {
    described: { feeds: { keep_prob: 1 } },
    input: { ...float, name: 'x' },
    layers: ['sub', 'mul', ...BODY, 'truediv', 'dropped', 'third'],
    xla: true,
  },
  'training-default': { input: { ...float, name: 'x' }, xla: true },
  'training-fed': { described: { feeds: { 'is_training:0': false } }, input: { ...float, name: 'x' } },
  'training-constant': { input: { ...float, name: 'x' } },
  asserted: { input: { ...float, name: 'x' } },
  'asserted-if': { input: { ...float, name: 'x' } },
  jpeg: { described: { input: 'Mul' }, input: { ...float, name: 'Mul' }, layers: BODY },
  resized: { input: { ...float, name: 'x' }, xla: true },
  frozen: { input: { ...float, name: 'x' } },
  called: { input: { ...float, name: 'x' }, xla: true },
};

const load = (name: string, described: ModelDescription = {}, xla: boolean | 'auto' = false): Promise<Dreamer> =>
  Dreamer.load({ model: { graph: graphOf(name), ...described }, device: 'cpu', xla });

async function factsOf(name: string): Promise<{ layer: string; objective: number }> {
  return JSON.parse(await readFile(path.join(folder, `${name}.facts.json`), 'utf8'));
}

/** By the picture as the network takes it, as TensorFlow's gradient is. */
async function compare(name: string, described: ModelDescription, xla: boolean): Promise<void> {
  const within = xla ? 1e-3 : 1e-5;
  const dreamer = await load(name, { ...described, preprocessing: { mean: 0, scale: 1 } }, xla);
  const { layer, objective } = await factsOf(name);
  const found = await dreamer.gradient(picture, { layer });
  const expected = await readFloats(path.join(folder, `${name}.f32`));
  expect(meanMagnitude(expected)).toBeGreaterThan(0);
  expect(meanDifference(found.data, expected) / meanMagnitude(expected)).toBeLessThan(within);
  expect(Math.abs(found.objective / objective - 1)).toBeLessThan(within);
  await dreamer.dispose();
}

describe.skipIf(!hasReference)('an input of every kind (Python)', () => {
  test.each(Object.entries(KINDS))('%s', async (name, { described = {}, input, layers, xla }) => {
    const dreamer = await load(name, described);
    expect(dreamer.input).toMatchObject(input);
    expect(dreamer.warnings).toEqual([]);
    if (layers) expect(dreamer.layers().map((layer) => layer.name)).toEqual(layers);
    // A name of TensorFlow's, with its output, and another size than the graph may declare.
    const { layer } = await factsOf(name);
    expect(await dreamer.layer(`${layer}:0`)).toMatchObject({ name: layer, stride: 2 });
    const { objectives } = await dreamer.dream(rawPicture(40, 40), { layer: `${layer}:0`, octaves: 1, iterations: 3 });
    expect(objectives[2]).toBeGreaterThan(objectives[0] as number);
    await dreamer.dispose();
    await compare(name, described, false);
    if (xla) await compare(name, described, true);
  });
});

describe.skipIf(!hasReference)('a placeholder without a value (Python)', () => {
  test.each([
    ['dropout', 'keep_prob', "'keep_prob' (float32 of the shape [])", "{ 'keep_prob': 1 }"],
    ['training-fed', 'is_training', "'is_training' (bool of the shape [])", "{ 'is_training': false }"],
  ])('%s: %s is named at load, and where a layer needs it', async (name, placeholder, what, advice) => {
    const logged: string[] = [];
    const dreamer = await Dreamer.load({
      model: { graph: graphOf(name) },
      device: 'cpu',
      logger: (line) => logged.push(line),
    });
    expect(dreamer.warnings).toHaveLength(1);
    expect(logged).toContain(dreamer.warnings[0]);
    expect(dreamer.warnings[0]).toContain(`The placeholder ${what} has no value`);
    expect(dreamer.warnings[0]).toContain(advice);
    const dreaming = dreamer.dream(picture, { layer: 'third' });
    await expect(dreaming).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_LAYER_UNKNOWN' });
    await expect(dreaming).rejects.toThrow(`it needs a value for the placeholder '${placeholder}'`);
    // What does not need it is dreamed all the same.
    await dreamer.dream(picture, { layer: 'second', octaves: 1, iterations: 1 });
    await dreamer.dispose();
  });
});

const UNREADABLE = { code: 'ERR_LIVEDREAM_MODEL_UNREADABLE' };

describe.skipIf(!hasReference)('refused at load, with the reason and what to do (Python)', () => {
  const REFUSED: Record<string, readonly string[]> = {
    jpeg: [
      "'DecodeJpeg/contents' takes string of the shape []",
      'no gradient passes through that',
      'Name the first node of floats after the decoding as `input`',
    ],
    'two-pictures': [
      "'content' (float32 of the shape [?, ?, ?, 3]), 'style' (float32 of the shape [?, ?, ?, 3])",
      'Name one as `input`',
    ],
    integers: [
      "'image_tensor' (uint8 of the shape [?, ?, ?, 3])",
      "Mul of integers ('mul'), through which no gradient passes",
      'Name the first node of floats after that as `input`',
    ],
    'detection-loop': [
      "'image_tensor' (uint8 of the shape [?, ?, ?, 3])",
      'needs a loop or a branch, which a model may not run',
      "'Preprocessor/map/TensorArray' is a TensorArrayV3, which keeps state",
      'Name the first node of floats after that as `input`',
    ],
    variables: [
      'not frozen',
      "its variables 'conv/weights' (VarHandleOp), 'conv/biases' (VariableV2) are not in it",
      'export it as a SavedModel',
    ],
    'complex-picture': ["'x' takes complex64 of the shape [?, ?, ?, 3]", 'float32, float16, bfloat16 or integers'],
    grey: ["'x' takes float32 of the shape [?, 28, 28, 1]", 'pictures of three colours'],
    vector: ["'x' takes float32 of the shape [?, 784]", 'pictures of three colours'],
  };
  test.each(Object.entries(REFUSED))('%s', async (name, says) => {
    const loading = load(name);
    await expect(loading).rejects.toMatchObject(UNREADABLE);
    for (const text of says) await expect(loading).rejects.toThrow(text);
  });

  test.each([
    ['training-fed', 'is_training', "'is_training' takes bool of the shape []"],
    ['integers', 'nothing', "no input 'nothing'; its placeholders are 'image_tensor' (uint8 of the shape"],
  ])('%s with the input %s', async (name, input, says) => {
    const loading = load(name, { input });
    await expect(loading).rejects.toMatchObject(UNREADABLE);
    await expect(loading).rejects.toThrow(says);
  });

  test('one of two pictures is dreamed where it is named, without what needs the other', async () => {
    const loading = load('two-pictures', { input: 'style' });
    const dreamer = await loading;
    expect(dreamer.layers().map(({ name }) => name)).toEqual(['sub_1', 'mul_1']);
    expect(dreamer.warnings[0]).toContain("'content' (float32 of the shape [?, ?, ?, 3]) has no value");
    await dreamer.dispose();
  });
});

describe.skipIf(!hasReference)('a SavedModel (Python)', () => {
  let copies: string;
  beforeAll(async () => {
    copies = await mkdtemp(path.join(tmpdir(), 'livedream-saved-'));
  });
  afterAll(() => rm(copies, { recursive: true }));
  const open = (name: string, signature?: string, within = folder): Promise<Dreamer> =>
    Dreamer.load({
      model: { graph: path.join(within, name), ...(signature === undefined ? {} : { signature }) },
      device: 'cpu',
      xla: false,
    });

  test.each([
    ['two-signatures', undefined, ["choose one of 'one', 'other' with `signature`", "none of them 'serving_default'"]],
    ['two-signatures', 'third', ["no signature 'third'; choose one of 'one', 'other'"]],
    ['one-signature', 'third', ["no signature 'third', only 'one'"]],
    ['no-signature', undefined, ['no signature', "Keras's model.export()"]],
    ['trained', undefined, ["no graph with the tag 'serve'"]],
  ])('%s, asked for %s, is refused', async (name, signature, says) => {
    const opening = open(name, signature);
    await expect(opening).rejects.toMatchObject(UNREADABLE);
    for (const text of says) await expect(opening).rejects.toThrow(text);
  });

  test.each([
    ['one', 1],
    ['other', 2],
  ])('several signatures: %s is dreamed where it is named', async (signature, stride) => {
    const dreamer = await open('two-signatures', signature);
    expect(dreamer.input.name).toBe(`${signature}_x`);
    expect((await dreamer.layer('BiasAdd')).stride).toBe(stride);
    await dreamer.dispose();
  });

  test.each([
    'variables/variables.index',
    'variables/variables.data-00000-of-00001',
  ])('without its %s is refused, naming the file', async (missing) => {
    const copy = path.join(copies, path.basename(missing));
    await cp(path.join(folder, 'one-signature'), copy, { recursive: true });
    await rm(path.join(copy, missing));
    const opening = open(path.basename(missing), undefined, copies);
    await expect(opening).rejects.toMatchObject(UNREADABLE);
    await expect(opening).rejects.toThrow(
      `The SavedModel's variables cannot be read from the files '${path.join(copy, 'variables/variables')}.*'`,
    );
  });
});
