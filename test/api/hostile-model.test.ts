// What a model from elsewhere may do: compute. Everything else is refused before TensorFlow sees it.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { rawPicture } from '../support/dreamers.js';
import { hasReference, referencePython } from '../support/reference.js';

const FLOAT = 1;
const INT32 = 3;
const STRING = 7;
const UINT8 = 4;

let folder: string;
let secret: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-hostile-'));
  secret = path.join(folder, 'secret.txt');
  await writeFile(secret, 'abc');
});
afterAll(() => rm(folder, { recursive: true }));

/** A scalar string, in tensor.proto's own field of strings (8). */
function text(graph: GraphDef, name: string, value: string): string {
  const bytes = Buffer.from(value);
  const tensor = Buffer.concat([
    Buffer.from([0x08, STRING, 0x12, 0x00, 0x42, bytes.length]), // dtype, scalar shape, string_val
    bytes,
  ]);
  return graph.node('Const', name, [], {
    dtype: attribute.type(STRING),
    value: Buffer.concat([Buffer.from([0x42, tensor.length]), tensor]),
  });
}

function integers(graph: GraphDef, name: string, values: readonly number[]): string {
  const bytes = Buffer.from(Int32Array.from(values).buffer);
  return graph.node('Const', name, [], {
    dtype: attribute.type(INT32),
    value: attribute.tensor(INT32, [values.length], bytes),
  });
}

const load = (graph: GraphDef): Promise<Dreamer> =>
  Dreamer.load({ model: { graph: graph.bytes(), preprocessing: { mean: 0 } }, device: 'cpu' });

async function refused(graph: GraphDef, says: RegExp): Promise<void> {
  const loading = load(graph);
  await expect(loading).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNREADABLE' });
  await expect(loading).rejects.toThrow(says);
}

/** `out` is the picture plus a value that the graph computes by itself. */
function added(graph: GraphDef, value: string): GraphDef {
  const input = graph.placeholder('input');
  graph.node('AddV2', 'out', [input, value], { T: attribute.type(FLOAT) });
  return graph;
}

describe('a model is refused', () => {
  test('that reads a file into its objective', async () => {
    const graph = new GraphDef();
    const contents = graph.node('ReadFile', 'read', [text(graph, 'name', secret)], {});
    const bytes = graph.node('DecodeRaw', 'decode', [contents], { out_type: attribute.type(UINT8) });
    const floats = graph.node('Cast', 'floats', [bytes], {
      SrcT: attribute.type(UINT8),
      DstT: attribute.type(FLOAT),
    });
    await refused(added(graph, floats), /'read' is a ReadFile, which (keeps state|reaches out)/);
  });

  test('that writes one, in what it never runs', async () => {
    const writing = new GraphDef();
    writing.node(
      'WriteFile',
      'write',
      [text(writing, 'name', path.join(folder, 'new')), text(writing, 'what', 'x')],
      {},
    );
    // It has no result that a layer could need, so it is not even given to TensorFlow.
    const dreamer = await load(added(writing, writing.constant('c', [1], Float32Array.of(1))));
    await dreamer.dream(rawPicture(32, 32), { layer: 'out', octaves: 1, iterations: 1 });
    await dreamer.dispose();
    expect(await readdir(folder)).toEqual(['secret.txt']);
  });

  test('that keeps state or draws numbers of its own', async () => {
    const random = new GraphDef();
    const shape = integers(random, 'shape', [1]);
    const noise = random.node('RandomUniform', 'noise', [shape], {
      dtype: attribute.type(FLOAT),
      T: attribute.type(INT32),
    });
    await refused(added(random, noise), /'noise' is a RandomUniform, which keeps state/);
  });

  test('that is not frozen, with that reason', async () => {
    const graph = new GraphDef();
    const variable = graph.node('VarHandleOp', 'weights', [], { dtype: attribute.type(FLOAT) });
    const value = graph.node('ReadVariableOp', 'read', [variable], { dtype: attribute.type(FLOAT) });
    await refused(
      added(graph, value),
      /not frozen: the values of its variables 'weights' \(VarHandleOp\) are not in it/,
    );
  });

  test('that calls a function or an operation that does not exist', async () => {
    const calling = new GraphDef();
    const input = calling.placeholder('input');
    calling.node('StatefulPartitionedCall', 'call', [input], {});
    await refused(
      calling,
      /'call' is a StatefulPartitionedCall, which calls a function that the graph's library does not have/,
    );
    const unknown = new GraphDef();
    unknown.node('MakeTea', 'tea', [unknown.placeholder('input')], {});
    await refused(unknown, /'tea' is a MakeTea, which this TensorFlow does not have/);
  });

  test('whose constant claims more than the file holds', async () => {
    const graph = new GraphDef();
    const shape = [100_000, 100_000];
    const huge = graph.node('Const', 'huge', [], {
      dtype: attribute.type(FLOAT),
      value: attribute.tensor(FLOAT, shape, Buffer.alloc(4)),
    });
    await refused(added(graph, huge), /'huge' is a Const, which claims 10000000000 elements/);
  });
});

describe('what a model may not run', () => {
  test('is left out with all that depends on it; the rest is dreamed', async () => {
    const graph = new GraphDef();
    const input = graph.placeholder('input');
    const body = graph.relu('body', input);
    const encoded = graph.node('EncodeBase64', 'encoded', [text(graph, 'name', 'abc')], {});
    graph.node('DecodeRaw', 'head', [encoded], { out_type: attribute.type(FLOAT) });
    graph.node('AddV2', 'sum', [body, 'head'], { T: attribute.type(FLOAT) });
    const dreamer = await load(graph);
    expect(dreamer.layers().map(({ name }) => name)).toEqual(['body']);
    const dream = dreamer.dream(rawPicture(32, 32), { layer: 'sum', octaves: 1 });
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_LAYER_UNKNOWN' });
    await expect(dream).rejects.toThrow(/'sum' cannot be dreamed: it needs DecodeRaw/);
    await dreamer.dream(rawPicture(32, 32), { layer: 'body', octaves: 1, iterations: 1 });
    await dreamer.dispose();
  });
});

describe('sizes that a graph makes by itself', () => {
  test('count against the memory limit', async () => {
    const graph = new GraphDef();
    const input = graph.placeholder('input');
    const filled = graph.node(
      'Fill',
      'filled',
      [integers(graph, 'dims', [4000, 4000]), graph.constant('one', [], Float32Array.of(1))],
      {
        T: attribute.type(FLOAT),
        index_type: attribute.type(INT32),
      },
    );
    const sum = graph.node('Sum', 'sum', [filled, integers(graph, 'axes', [0, 1])], {
      T: attribute.type(FLOAT),
      Tidx: attribute.type(INT32),
    });
    graph.node('Mul', 'out', [input, sum], { T: attribute.type(FLOAT) });
    const dreamer = await Dreamer.load({
      model: { graph: graph.bytes(), preprocessing: { mean: 0 } },
      device: 'cpu',
      memoryLimit: 2 ** 26,
    });
    const { fixedBytes } = await dreamer.layer('out');
    expect(fixedBytes).toBeGreaterThan(4000 * 4000 * 4);
    const dream = dreamer.dream(rawPicture(32, 32), { layer: 'out', octaves: 1 });
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE' });
    await dreamer.dispose();
  });
});

describe.skipIf(!hasReference)('a SavedModel (Python)', () => {
  test('is not started, as TensorFlow starts it', async () => {
    const saved = path.join(folder, 'saved');
    const written = path.join(folder, 'written.txt');
    const script = path.join(packageRoot, 'tools/reference/hostile_saved_model.py');
    // Fails where TensorFlow's own loader does not write the file. Without the sanitizers: Python is not what they look at.
    const env = { ...process.env, LD_PRELOAD: '' };
    await promisify(execFile)(referencePython, [script, saved, written], { env });
    await rm(written);
    const dreamer = await Dreamer.load({ model: { graph: saved, preprocessing: { mean: 0 } }, device: 'cpu' });
    const { objectives } = await dreamer.dream(rawPicture(32, 32), { layer: 'y', octaves: 1, iterations: 2 });
    expect(objectives[1]).toBeGreaterThan(objectives[0] as number);
    await dreamer.dispose();
    expect(await readdir(folder)).not.toContain('written.txt');
  });
});
