import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { FILE_KINDS, type FileKindName } from '../../lib/model/file-kinds.js';
import { kindsMarkdown } from '../../lib/model/kinds-markdown.js';
import { kindOfFile } from '../../lib/model/other-kinds.js';
import { openModel } from '../../lib/model/source.js';
import { smallModel } from '../support/models.js';
import { hasShared, SHARED } from '../support/pictures.js';
import { hasReference, referencePython } from '../support/reference.js';
import { MADE, smallGraph } from './support/kinds.js';

const run = promisify(execFile);
const cli = path.join(packageRoot, 'dist/esm/cli/main.js');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-kinds-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A folder of its own with these files. */
async function folderWith(files: Readonly<Record<string, Buffer | string>>): Promise<string> {
  const inner = await mkdtemp(path.join(folder, 'with-'));
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(inner, name), bytes);
  return inner;
}

/** The model is refused, in one line, with all of these in its message. */
async function refused(model: Parameters<typeof openModel>[0], ...says: readonly string[]): Promise<void> {
  const error = await openModel(model).then(
    () => undefined,
    (thrown: Error & { code: string }) => thrown,
  );
  expect(error?.code, String(error)).toBe('ERR_LIVEDREAM_MODEL_UNREADABLE');
  expect(error?.message).not.toMatch(/\n|Give a frozen \.pb and a description/);
  for (const text of says) expect(error?.message).toContain(text);
}

/** What a command that a message shows has in it once the file's name stands in it. */
const filled = (todo: string, file: string): string => todo.replaceAll('FILE', file);

describe('a file of another kind', () => {
  const kinds = Object.keys(FILE_KINDS) as FileKindName[];
  test.each(kinds)('%s is named, with what to do, by its path and as bytes', async (kind) => {
    const { what, todo } = FILE_KINDS[kind];
    for (const { name, bytes } of MADE[kind]) {
      const file = path.join(await folderWith({ [name]: bytes }), name);
      // What a description may be is told as one.
      const says = [`it is ${what}`, ...(/PREFIX|FOLDER/.test(todo) ? [] : [filled(todo, file)])];
      // By its own name it is its folder's, which is loaded.
      if (name === 'saved_model.pb') {
        expect((await openModel(file)).checkpoint).toBe(path.join(path.dirname(file), 'variables/variables'));
        continue;
      }
      await refused({ graph: file }, `'${file}'`, ...says);
      if (kind !== 'json') await refused(file, `'${file}'`, ...says);
      // Bytes have no name to tell them by.
      if (/data-0|caffemodel$|weights/.test(name)) continue;
      await refused({ graph: bytes }, "The model 'model' cannot be read", `it is ${what}`);
    }
  });

  test('is no frozen graph, and a frozen graph is none of them', async () => {
    const graphs = [smallModel().file, path.join(packageRoot, 'models/dream/graph.pb')];
    if (hasShared) graphs.push(...['squeezenet_v1.1', 'inception_v3_2015'].map((net) => `${SHARED}/models/${net}.pb`));
    for (const file of graphs) {
      expect(await kindOfFile(file), file).toBeUndefined();
      const graph = await readFile(file);
      expect(graph.equals((await openModel({ graph })).graph)).toBe(true);
    }
    // Nor does a name make it one.
    for (const name of ['net.onnx', 'net.keras', 'net.ckpt.data-00000-of-00001', 'net.caffemodel', 'x.weights.h5']) {
      const file = path.join(await folderWith({ [name]: smallGraph() }), name);
      expect((await openModel(file)).graph).toEqual(smallGraph());
    }
  });

  test('is named in commands that a shell and Python can take', async () => {
    const keras = MADE.keras[0]?.bytes as Buffer;
    const inner = await folderWith({ "my brother's net.keras": keras, 'my net.onnx': MADE.onnx[0]?.bytes as Buffer });
    await refused(path.join(inner, "my brother's net.keras"), `load_model('${inner}/my brother\\'s net.keras')`);
    await refused(path.join(inner, 'my net.onnx'), `onnx2tf -i "${inner}/my net.onnx" -o DIR -fdosm`);
    await refused({ graph: keras }, "load_model('net.keras')");
  });

  test('tells what a zip holds, graphs first, and where a checkpoint lies', async () => {
    const [zip, empty] = MADE.zip;
    const inner = await folderWith({ 'net.zip': zip?.bytes as Buffer, 'none.zip': empty?.bytes as Buffer });
    await refused(path.join(inner, 'net.zip'), 'a zip file: it holds net.pb, labels.txt, x and 1 more');
    await refused(path.join(inner, 'none.zip'), 'a zip file: it holds nothing');
    const [index, , list] = MADE.checkpoint;
    const two = await folderWith({ 'two.ckpt.index': index?.bytes as Buffer, checkpoint: list?.bytes as Buffer });
    const restore = `tf.train.Checkpoint(model=model).restore('${two}/two.ckpt')`;
    await refused(path.join(two, 'two.ckpt.index'), restore);
    await refused(path.join(two, 'checkpoint'), restore);
    await refused(path.join(two, 'two.ckpt'), restore);
    await refused(two, restore);
    const meta = MADE['meta-graph'][0]?.bytes as Buffer;
    const one = await folderWith({ 'two.ckpt.index': index?.bytes as Buffer, 'two.ckpt.meta': meta });
    const freeze = `--input_meta_graph=${one}/two.ckpt.meta --input_checkpoint=${one}/two.ckpt --input_binary`;
    for (const name of ['two.ckpt', 'two.ckpt.index', 'two.ckpt.meta']) await refused(path.join(one, name), freeze);
  });

  test('is told without reading it whole, however large it is', async () => {
    const file = path.join(await folderWith({ 'net.h5': MADE.hdf5[0]?.bytes as Buffer }), 'net.h5');
    const handle = await open(file, 'r+');
    await handle.truncate(3 * 2 ** 30);
    await handle.close();
    await refused(file, 'it is an HDF5 file');
  });

  test.skipIf(process.platform === 'win32')('is not waited for where it is a pipe', async () => {
    const pipe = path.join(folder, 'pipe.pb');
    execFileSync('mkfifo', [pipe]);
    await expect(openModel(pipe)).rejects.toThrow(/it is no file/);
  });
});

describe('a graph that is cut off', () => {
  test('says how much is there and in which node it ends', async () => {
    const graph = smallGraph();
    const file = path.join(await folderWith({ 'net.pb': graph.subarray(0, 300) }), 'net.pb');
    await refused(file, "it has 300 bytes and ends in the middle of node 1, 'net/weights'. Fetch it again.");
    const large = await readFile(smallModel().file);
    await refused({ graph: large.subarray(0, 50_000) }, 'it has 50000 bytes and ends in the middle of node');
  });

  test('is told wherever that is but between two nodes', async () => {
    const graph = smallGraph();
    const ends: number[] = [];
    for (let size = 30; size < graph.length; size += 1) {
      const error = await openModel({ graph: graph.subarray(0, size) }).catch((thrown: Error) => thrown);
      if (!(error instanceof Error)) ends.push(size);
      else expect(error.message).toContain(`a frozen graph that is cut off: it has ${size} bytes and ends`);
    }
    // Three of the four nodes have an end before the graph's own.
    expect(ends).toHaveLength(3);
  });
});

describe('a folder without a description', () => {
  const of = (kind: FileKindName): Buffer => MADE[kind][0]?.bytes as Buffer;

  test('is told by the model in it, whatever else lies there', async () => {
    const more = { 'README.md': 'A model', 'a.png': of('picture'), 'labels.json': '["cat"]', 'a.zip': of('zip') };
    const inner = await folderWith({ ...more, 'x.keras': of('keras') });
    await refused(inner, `'${path.join(inner, 'x.keras')}'`, 'it is a Keras model', `load_model('${inner}/x.keras')`);
    const package_ = await folderWith({ 'Manifest.json': MADE['core-ml'][1]?.bytes as Buffer });
    await refused(package_, 'it is a Core ML model');
    const linked = await folderWith({});
    await symlink(path.join(inner, 'x.keras'), path.join(linked, 'net'));
    await refused(linked, 'it is a Keras model');
    await expect(openModel(await folderWith(more))).rejects.toThrow(
      /model\.json' cannot be read: there is no such file/,
    );
  });

  test("with TensorFlow.js's model.json, or a page in its place, is told so", async () => {
    for (const kind of ['tfjs-layers', 'tfjs-graph', 'web-page', 'git-lfs'] as const)
      await refused(await folderWith({ 'model.json': of(kind) }), FILE_KINDS[kind].what);
  });

  test('but with a graph says which file to give', async () => {
    for (const [name, bytes] of [
      ['frozen.pb', smallGraph()],
      ['frozen.pbtxt', 'node { name: "input" }'],
    ] as const) {
      const inner = await folderWith({ checkpoint: MADE.checkpoint[2]?.bytes as Buffer, [name]: bytes });
      await refused(inner, 'it has no model.json', `Give its graph by its own path, '${path.join(inner, name)}'`);
    }
  });

  test('that is a SavedModel is not told by a file of it', async () => {
    const inner = await folderWith({ 'saved_model.pb': of('saved-model'), 'net.h5': of('hdf5') });
    await mkdir(path.join(inner, 'variables'));
    expect((await openModel(inner)).checkpoint).toBe(path.join(inner, 'variables/variables'));
  });
});

test('Dreamer.load and the command line say it in one line, with exit code 1', async () => {
  const inner = await folderWith({ 'x.h5': MADE.hdf5[0]?.bytes as Buffer, 'photo.jpg': '' });
  const file = path.join(inner, 'x.h5');
  const says = `The model '${file}' cannot be read: it is an HDF5 file, as Keras wrote its models. Run \`python -c "import keras; keras.models.load_model('${file}').export('DIR')"\`, and give the folder DIR`;
  await expect(Dreamer.load({ model: file, device: 'cpu' })).rejects.toThrow(says);
  for (const args of [['dream', path.join(packageRoot, 'docs/images/sample.jpg'), '-o', inner], ['layers']]) {
    const ended = await run(process.execPath, [cli, ...args, '--model', file]).catch((error: object) => error);
    const stderr = expect.stringMatching(/^livedream: [^\n]+ \[ERR_LIVEDREAM_MODEL_UNREADABLE\]\n$/);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
    expect((ended as { stderr: string }).stderr).toContain(says);
  }
});

test('docs/models.md has the table of kinds that npm run docs writes', async () => {
  expect(await readFile(path.join(packageRoot, 'docs/models.md'), 'utf8')).toContain(kindsMarkdown());
});

describe.skipIf(!hasReference)('what Keras and TensorFlow write (Python)', () => {
  let made: string;
  beforeAll(async () => {
    made = await folderWith({});
    await run(referencePython, [path.join(packageRoot, 'test/model/support/other_kinds.py'), made], {
      maxBuffer: 2 ** 24,
    });
  });

  test.each([
    ['net.keras', 'keras'],
    ['net.h5', 'hdf5'],
    ['net.weights.h5', 'keras-weights'],
    ['net.json', 'keras-json'],
    ['net.tflite', 'tflite'],
    ['net.npz', 'numpy'],
    ['net.npy', 'numpy'],
    ['net.pkl', 'pickle'],
    ['saved/variables/variables.index', 'checkpoint'],
    ['checkpoint2/checkpoint', 'checkpoint'],
    ['checkpoint2/net-1.index', 'checkpoint'],
    ['checkpoint2/net-1.data-00000-of-00001', 'checkpoint'],
    ['checkpoint1/net.meta', 'meta-graph'],
    ['checkpoint1/net.index', 'meta-graph'],
    ['checkpoint1/net', 'meta-graph'],
  ] as const)('%s is told as %s', async (name, kind) => {
    await refused(path.join(made, name), `it is ${FILE_KINDS[kind].what}`);
  });

  test('is converted by the commands of the messages', async () => {
    const shown = async (model: string): Promise<string> => {
      const error = await openModel(path.join(made, model)).catch((thrown: Error) => thrown);
      return /`(python [^`]+)`/.exec((error as Error).message)?.[1]?.replace('python', referencePython) ?? '';
    };
    for (const [index, name] of ['net.keras', 'net.h5', 'net.json'].entries()) {
      const command = (await shown(name)).replaceAll("'DIR'", `'DIR${index}'`);
      await run('sh', ['-c', command], { cwd: made, maxBuffer: 2 ** 24 });
      const files = await readFile(path.join(made, `DIR${index}`, 'saved_model.pb'));
      expect(files.length).toBeGreaterThan(1000);
    }
    const freeze = (await shown('checkpoint1/net')).replace('LAYER', 'layer');
    await run('sh', ['-c', freeze], { cwd: made, maxBuffer: 2 ** 24 });
    const frozen = await Dreamer.load({ model: path.join(made, 'graph.pb'), device: 'cpu' });
    expect(frozen.layers().map(({ name }) => name)).toContain('layer');
    await frozen.dispose();
  });
});
