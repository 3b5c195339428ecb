// What has no memory is an error of its own, and the Dreamer goes on: in a process whose address space ends soon.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const run = promisify(execFile);
const api = path.join(packageRoot, 'dist/esm/index.js');
const child = path.join(packageRoot, 'test/support/out-of-memory.mjs');
const hasPrlimit = await run('prlimit', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasPrlimit).each([
  ['ordinary kernels', false],
  ['XLA', true],
])('a dream too large for the memory there is rejects by name, and smaller ones go on: %s', async (_name, xla) => {
  const { stdout } = await run(process.execPath, [child, api, String(xla)]);
  const [before, tooLarge, ...after] = JSON.parse(stdout) as Record<string, unknown>[];
  expect(before).toEqual({ width: 64 });
  expect(tooLarge).toMatchObject({
    code: 'ERR_LIVEDREAM_OUT_OF_MEMORY',
    message: expect.stringMatching(/ran out of memory while .+smaller/),
    cause: expect.stringMatching(/out of memory|OOM/i),
  });
  expect(after).toEqual([{ width: 96 }, { width: 64 }]);
});

/** A network that fails when it runs: its gather takes a column that no picture has. TensorFlow's message has that node's name. */
function failingNetwork(folder: string, node: string): string {
  const graph = new GraphDef();
  const input = graph.placeholder('input');
  const column = graph.integers('column', [1], [100_000]);
  const [Tparams, Tindices] = [attribute.type(1), attribute.type(3)];
  const gathered = graph.node('GatherV2', node, [input, column, graph.integer('axis', 2)], {
    ...{ Tparams, Tindices, Taxis: Tindices },
  });
  graph.node('Tanh', 'out', [gathered], { T: Tparams });
  const file = path.join(folder, `${node}.pb`);
  writeFileSync(file, graph.bytes());
  return file;
}

test.each([
  ['CUDNN_STATUS_ALLOC_FAILED', 'ERR_LIVEDREAM_OUT_OF_MEMORY'],
  ['CUDA_ERROR_OUT_OF_MEMORY', 'ERR_LIVEDREAM_OUT_OF_MEMORY'],
  ['CUDNN_STATUS_BAD_PARAM', 'ERR_LIVEDREAM_MODEL_UNREADABLE'],
])("is known by the names of CUDA's libraries within errors of other kinds, which a node's name plays: %s", async (node, code) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
  try {
    const model = {
      graph: failingNetwork(folder, node),
      defaultLayer: 'out',
      preprocessing: { mean: 0, scale: 1 / 255 },
    };
    await using dreamer = await Dreamer.load({ model, device: 'cpu', xla: false });
    await expect(dreamer.dream(rawPicture(64, 64), { octaves: 1, iterations: 1 })).rejects.toMatchObject({
      ...{ code, cause: { message: expect.stringContaining(node) } },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('is told before it starts where it is known: the memory limit', async () => {
  await using dreamer = await smallDreamer({ memoryLimit: 16 * 2 ** 20 });
  const options = { octaves: 1, iterations: 1, tileSize: 2048 };
  await expect(dreamer.dream(rawPicture(1024, 1024), options)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
    message: expect.stringMatching(/needs about \d+ MiB, and the memory limit is 16 MiB/),
  });
  expect(await dreamer.dream(rawPicture(64, 64), options)).toMatchObject({ width: 64 });
});
