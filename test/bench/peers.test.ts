// Other programs: how they are talked to, by one that is made up; the real ones where their Python environment is.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bench, readBench } from '../../lib/bench/bench.js';
import { Peers } from '../../lib/bench/peers/peers.js';
import type { BenchReport } from '../../lib/bench/report.js';
import { peerVariant } from '../../lib/bench/variants.js';
import { readBenchOptions } from '../../lib/options/bench-options.js';
import { variantOf } from '../support/bench-report.js';
import { smallModel } from '../support/models.js';
import { hasPeers } from '../support/peers.js';

const SIZE = { width: 40, height: 30 };
const picture = { ...SIZE, data: new Uint8Array(40 * 30 * 3).fill(9), channels: 3 } as const;
const gradient = { ...SIZE, data: Float32Array.from({ length: 40 * 30 * 3 }, (_, i) => i % 7), objective: 1 };
const variant = peerVariant('jax-jit', variantOf({ size: SIZE, octaves: 2, iterations: 3 }));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-peers-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Peers whose Python is a program that answers as `serve.py` does, with a gradient of so many times the right one. */
async function pretend(times: number, more = '', signal?: AbortSignal): Promise<Peers> {
  const python = path.join(folder, 'python');
  const answers = `
    const { createInterface } = require('node:readline');
    const { appendFileSync, writeFileSync } = require('node:fs');
    const say = (said) => console.log(JSON.stringify({ cpu: 2, memory: 5e8, ...said }));
    ${more}
    say({ loading: 700, version: '1.2' });
    createInterface({ input: process.stdin }).on('line', (line) => {
      const task = JSON.parse(line);
      appendFileSync(${JSON.stringify(path.join(folder, 'tasks'))}, line + '\\n');
      if (task.dream) return say({ milliseconds: Array(task.times).fill(40) });
      writeFileSync(task.to, Float32Array.from({ length: ${gradient.data.length} }, (_, i) => (i % 7) * ${times}));
      say({});
    });`;
  await writeFile(python, `#!${process.execPath}\n${answers}`, { mode: 0o755 });
  const { plain } = readBenchOptions({ tileSize: 32 }, []);
  const network = { folder, requestFile: 'request.json' };
  return new Peers({ python, network, plain, signal, pictureOf: () => ({ picture, gradient }) });
}

describe.skipIf(process.platform === 'win32')('a peer', () => {
  test('is told the octaves and how they are cut, and held to the gradient', async () => {
    const peers = await pretend(1.001);
    const { cold, second, checked } = await peers.measureCold(variant);
    expect({ cold, second }).toEqual({ cold: { load: 700, firstCall: 40, peakMemoryBytes: 5e8 }, second: 40 });
    expect(checked?.version).toBe('1.2');
    expect(checked?.gradientDifference).toBeCloseTo(0.001, 5);
    const [first, , last] = readFileSync(path.join(folder, 'tasks'), 'utf8').trim().split('\n');
    expect(JSON.parse(first as string)).toMatchObject({
      dream: {
        octaves: [
          { width: 28, height: 21, rows: 1 },
          { ...SIZE, rows: 1, columns: 2 },
        ],
        iterations: 3,
      },
      times: 1,
    });
    expect(JSON.parse(last as string)).toMatchObject({ gradient: { ...SIZE, columns: 2, tileWidth: 32 } });
    expect(await peers.dream(variant, 3)).toEqual([40, 40, 40]);
    expect(peers.cpu).toBe(4000);
    await peers.dispose();
    expect(existsSync(folder)).toBe(false);
  });

  test('that computes something else is not measured', async () => {
    await expect((await pretend(1.1)).measureCold(variant)).rejects.toThrow(/not livedream's \(by 10\.0 %\)/);
    await expect((await pretend(Number.NaN)).measureCold(variant)).rejects.toThrow(/not finite/);
  });

  test('that fails says why', async () => {
    const failing = await pretend(1, "say({ error: 'ModuleNotFoundError: jax' });");
    await expect(failing.measureCold(variant)).rejects.toThrow(/^ModuleNotFoundError: jax$/);
    const ending = await pretend(1, "console.error('no AVX here'); process.exit(4);");
    await expect(ending.measureCold(variant)).rejects.toThrow(/^Its process ended with 4: no AVX here$/);
  });

  test('is ended by an abort, whatever it is at', async () => {
    const controller = new AbortController();
    const peers = await pretend(1, 'setInterval(() => 0, 1000); return;', controller.signal);
    const measuring = peers.measureCold(variant);
    setTimeout(() => controller.abort(), 200);
    await expect(measuring).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
  });
});

test('names are checked before anything is measured', () => {
  expect(() => readBench({ peers: ['jax-jit', 'theano' as 'jax-jit'] })).toThrow(
    /'peers\[1\]' must be one of tensorflow-session, .*, but is "theano"/,
  );
  expect(() => readBench({ peers: 'jax-jit' as never })).toThrow(TypeError);
});

test('an installed package says that they come with a clone', async () => {
  vi.doMock('#package-root', () => ({ default: folder }));
  vi.resetModules();
  const { checkPeerPrograms } = await import('../../lib/bench/peers/python.js');
  vi.doUnmock('#package-root');
  expect(checkPeerPrograms).toThrow(
    expect.objectContaining({
      code: 'ERR_LIVEDREAM_PEERS_MISSING',
      message: expect.stringContaining('they come with a clone of livedream'),
    }),
  );
});

describe.skipIf(!hasPeers)('with the peers themselves (node tools/peers/setup.mjs)', () => {
  // One of each library: those that compile take minutes on a slow machine.
  const names = ['tensorflow-session', 'torch-tuned', 'jax-jit'] as const;

  test('all compute the same, and take their turns', { timeout: 600_000 }, async () => {
    let report: BenchReport | undefined;
    const { file, objective } = smallModel();
    const options = { size: { width: 72, height: 48 }, tileSize: 40, octaves: 1, iterations: 1, xla: false };
    const model = { model: file, layer: objective.layer, channel: 5, device: 'cpu', rounds: 1, mostRounds: 1 };
    for await (const update of bench({ ...options, ...model, peers: names })) ({ report } = update);
    expect(report?.skipped.map(({ name }) => name)).toEqual(['onnxruntime', 'openvino']);
    const peers = report?.results.slice(1) ?? [];
    expect(peers.map(({ peer }) => peer)).toEqual(names);
    for (const { checked, steady, cold } of peers) {
      expect(checked?.gradientDifference).toBeLessThan(1e-5);
      expect(steady?.median).toBeGreaterThan(0);
      expect(cold.peakMemoryBytes).toBeGreaterThan(100e6);
    }
  });
});
