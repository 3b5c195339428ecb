import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { openModel } from '../../lib/model/source.js';
import { textGraphBytes } from '../../lib/model/text-graph.js';
import { fieldNames, type MessageName, textField, typeNumber } from '../../lib/model/text-graph-fields.js';
import { readFields } from '../../lib/model/wire.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { rawPicture } from '../support/dreamers.js';
import { smallModel } from '../support/models.js';
import { hasShared, SHARED } from '../support/pictures.js';
import { hasReference, referencePython } from '../support/reference.js';

const run = promisify(execFile);
const bytesOf = (text: string): Buffer => textGraphBytes(Buffer.from(text));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-text-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Weights of a convolution of 3 x 3 from 3 channels to 4, as numbers that a text tells exactly. */
const WEIGHTS = Float32Array.from({ length: 108 }, (_, index) => ((index * 37) % 64) / 64 - 0.5);

function graphInBytes(): Buffer {
  const graph = new GraphDef();
  const weights = graph.constant('weights', [3, 3, 3, 4], WEIGHTS);
  graph.relu('layer', graph.conv2d('convolution', graph.placeholder('input'), weights));
  return graph.bytes();
}

/** The same graph, with its weights as they are given: in the manner of TensorFlow, and in others that the format allows. */
const graphInText = (weights: string): string => `# a comment, { with a brace
node {
  name: "input"
  op: "Placeholder"
  attr { key: "dtype" value { type: DT_FLOAT } }
}
node <
  name: 'weights', op: 'Const';
  attr: { key: "dtype" value: < type: 1 > }
  attr { key: "value" value { tensor { dtype: DT_FLOAT
    tensor_shape { dim { size: 3 } dim { size: 0x3 } dim: [{ size: 03 }, { size: 4 }] }
    ${weights}
  } } }
>
node [{
  name: "convo" "lution" op: "Conv2D" input: ["input", "weights"]
  attr { key: "T" value { type: DT_FLOAT } }
  attr { key: "padding" value { s: "SA\\x4d\\105" } }
  attr { key: "strides" value { list { i: 1 i: [1, 1] i: 1 } } }
  attr { key: "use_cudnn_on_gpu" value { b: true } }
  experimental_debug_info { original_node_names: ["a", 'b'] nothing: -1.5 }
}, {
  name: "layer" op: "Relu" input: "convolution"
  attr { key: "T" value { type: DT_FLOAT } }
}]
versions { producer: 440 min_consumer: 12 }
library { }
`;

const octal = [...new Uint8Array(WEIGHTS.buffer)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
const CONTENT = `tensor_content: "${octal}"`;

async function dreamOf(model: string): Promise<{ layers: object; data: ArrayLike<number>; objectives: object }> {
  const dreamer = await Dreamer.load({ model: { graph: model, preprocessing: { mean: 117 } }, device: 'cpu' });
  try {
    const options = { layer: 'layer', octaves: 2, iterations: 3, depth: 'float32' } as const;
    const { data, objectives } = await dreamer.dream(rawPicture(64, 48), options);
    return { layers: dreamer.layers(), data, objectives };
  } finally {
    await dreamer.dispose();
  }
}

describe('a .pbtxt', () => {
  test('dreams as the same graph in a .pb does, however its weights are written', async () => {
    const binary = path.join(folder, 'net.pb');
    await writeFile(binary, graphInBytes());
    const expected = await dreamOf(binary);
    const oneByOne = [...WEIGHTS].map((value) => `float_val: ${value}`).join('\n');
    const list = `float_val: [${[...WEIGHTS].map((value) => value.toExponential()).join(', ')}]`;
    const halves = [
      `float_val: -.5 float_val: ${[...WEIGHTS.slice(1)].map((value) => `${value}f`).join(' float_val: ')}`,
    ];
    for (const [index, weights] of [CONTENT, oneByOne, list, ...halves].entries()) {
      const file = path.join(folder, `net${index}.pbtxt`);
      await writeFile(file, graphInText(weights));
      expect(await dreamOf(file), weights.slice(0, 40)).toEqual(expected);
    }
  });

  test('is known by what it says, has a description beside it, and gives its name and its own SHA-256', async () => {
    const text = graphInText(CONTENT);
    const file = path.join(folder, 'described.pbtxt');
    await writeFile(file, `\uFEFF${text}`);
    await writeFile(path.join(folder, 'described.json'), JSON.stringify({ defaultLayer: 'layer' }));
    const described = await openModel(file);
    expect(described).toMatchObject({ name: 'described', description: { defaultLayer: 'layer' } });
    const given = await openModel({ graph: Buffer.from(text) });
    expect(Buffer.compare(given.graph, described.graph)).toBe(0);
    expect(given.sha256).not.toBe(described.sha256);
    const other = path.join(folder, 'graph.txt');
    await writeFile(other, text);
    expect((await openModel(other)).graph).toEqual(given.graph);
  });

  test('says in which line it is wrong, and what was expected', async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['node {\n name: "a"\n inptu: "b"\n}', /in line 3, a NodeDef has no field 'inptu'; it may have name, op, input,/],
      ['node {\n name: "a"\n', /in line 3, there must be a field of NodeDef or '\}', but there is the end/],
      ['node {\n name "a" }', /in line 2, there must be ':' after 'name', but there is '"'/],
      ['node: "a"', /in line 1, there must be '\{' after 'node', but there is '"'/],
      ['node { name: a }', /in line 1, there must be a text in quotes, but there is 'a'/],
      ['node {\n name: "a\n}', /in line 2, a text has no quote at its end/],
      ['node { name: "\\q" }', /unknown escape '\\q'/],
      ['node { name: "\\U00ffffff" }', /an escape of no character/],
      ['node { name: ["a" "b"; }', /there must be ',' or '\]' in the list of 'name', but there is ';'/],
      ['node { attr { value { type: DT_FLOATS } } }', /there is no type 'DT_FLOATS'/],
      ['node { attr { value { type: toString } } }', /there is no type 'toString'/],
      ['node { attr { value { b: maybe } } }', /'maybe' is neither 'true' nor 'false'/],
      ['node { attr { value { i: 1.5 } } }', /'1\.5' is no whole number/],
      ['node { attr { value { i: 99999999999999999999 } } }', /too large for 64 bits/],
      ['node { attr { value { f: 1.5.2 } } }', /'1\.5\.2' is no number/],
      ['versions { producer: 1 } toString: 1', /a GraphDef has no field 'toString'/],
      [`node { attr { value { ${'func { attr { value { '.repeat(200)}`, /more than 100 deep/],
      [`node { experimental_debug_info { ${'a { '.repeat(5000)}`, /more than 100 deep/],
    ];
    for (const [text, says] of wrong) {
      await expect(openModel({ graph: Buffer.from(text) }), text.slice(0, 50)).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_MODEL_UNREADABLE',
        message: expect.stringMatching(says),
      });
    }
    const labels = path.join(folder, 'labels.pbtxt');
    await writeFile(labels, 'item {\n  id: 1\n  name: "cat"\n}\n');
    await expect(openModel(labels)).rejects.toThrow(/labels\.pbtxt' .*in line 1, a GraphDef has no field 'item'/);
  });

  test('may be cut anywhere: it is read or refused, and nothing else happens', () => {
    const text = graphInText('float_val: [0.5, -inf, nan]');
    for (let end = 0; end < text.length; end += 7) {
      try {
        bytesOf(text.slice(0, end));
      } catch (error) {
        expect((error as Error).message).toMatch(/^in line \d+, /);
      }
    }
  });

  test('keeps every kind of number', () => {
    const value = (text: string): Buffer => bytesOf(`node { attr { value { ${text} } } }`).subarray(6);
    expect(value('i: -1').toString('hex')).toBe('18ffffffffffffffffff01');
    expect(value('i: - 9223372036854775808').toString('hex')).toBe('1880808080808080808001');
    expect(value('i: 18446744073709551615').toString('hex')).toBe('18ffffffffffffffffff01');
    expect(value('f: -1e-3').readFloatLE(1)).toBe(Math.fround(-1e-3));
    expect(value('f: Infinity').readFloatLE(1)).toBe(Number.POSITIVE_INFINITY);
    expect(value('f: nan').readFloatLE(1)).toBeNaN();
    expect(value('b: t').toString('hex')).toBe('2801');
    expect(value('b: False').toString('hex')).toBe('2800');
    expect(value('type: DT_FLOAT_REF').toString('hex')).toBe('3065');
    expect(value('s: "\\u00fc\\U0001F600\\?\\101\\7"').subarray(2).toString()).toBe('ü😀?A\x07');
    // Four lengths of two bytes each, one within the other.
    expect(bytesOf(`node { attr { value { s: "${'x'.repeat(300)}" } } }`)).toHaveLength(300 + 4 * 3);
  });
});

describe.skipIf(!hasReference)('the text that TensorFlow writes (Python)', () => {
  const files = [smallModel().file, ...(hasShared ? [path.join(SHARED, 'models/squeezenet_v1.1.pb')] : [])];
  const names = ['everything', ...files.map((file) => path.parse(file).name)];
  const script = path.join(packageRoot, 'test/model/support/text_graph.py');
  beforeAll(() => run(referencePython, [script, 'write', folder, ...files]));

  test('gives the same messages', async () => {
    for (const name of names) {
      const bytes = textGraphBytes(await readFile(path.join(folder, `${name}.pbtxt`)));
      await writeFile(path.join(folder, `${name}.bytes`), bytes);
      expect(readFields(bytes).length).toBe(readFields(await readFile(path.join(folder, `${name}.pb`))).length);
    }
    const { stdout } = await run(referencePython, [script, 'same', folder]);
    expect(stdout.trim().split('\n').sort()).toEqual(names.map((name) => `${name}.bytes True`).sort());
  });

  test('has the fields and types that are known here', async () => {
    const { stdout } = await run(referencePython, [script, 'fields']);
    const { types, messages } = JSON.parse(stdout) as Record<string, Record<string, Record<string, number>>>;
    // A graph with these keeps state or reaches out of it, and is refused anyway.
    const left = ['resource_handle_val', 'variant_val'];
    expect(Object.keys(messages ?? {}).length).toBeGreaterThan(15);
    for (const [message, fields] of Object.entries(messages ?? {})) {
      const known = fieldNames(message as MessageName).map((name) => [name, textField(message as MessageName, name)]);
      const expected = Object.entries(fields).filter(([name]) => !left.includes(name));
      expect(Object.fromEntries(known.map(([name, field]) => [name, (field as { number: number }).number]))).toEqual(
        Object.fromEntries(expected),
      );
    }
    const numbers = types?.['DataType'] ?? {};
    expect(Object.keys(numbers).length).toBeGreaterThan(60);
    for (const [name, number] of Object.entries(numbers)) expect(typeNumber(name), name).toBe(number);
  });

  test('gives the same layers and the same dream', async () => {
    const dreams = await Promise.all(
      ['pb', 'pbtxt'].map(async (kind) => {
        const dreamer = await Dreamer.load({ model: path.join(folder, `small-inception.${kind}`), device: 'cpu' });
        const options = { layer: 'mixed3b', octaves: 2, iterations: 2, depth: 'float32' } as const;
        const { data, objectives } = await dreamer.dream(rawPicture(72, 72), options);
        const layers = dreamer.layers();
        await dreamer.dispose();
        return { name: dreamer.model, layers, data, objectives };
      }),
    );
    expect(dreams[1]).toEqual(dreams[0]);
  });
});

test('a constant beside the graph that the text describes is what the builder of test graphs writes', () => {
  const graph = new GraphDef();
  graph.node('Const', 'c', [], { dtype: attribute.type(1), value: attribute.tensor(1, [2], Buffer.from('12345678')) });
  const text = `node { name: "c" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value {
    tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } } tensor_content: "12345678" } } } }`;
  expect(bytesOf(text).toString('hex')).toBe(graph.bytes().toString('hex'));
});
