// Growth and limit of a GPU's memory as far as they are ours: what TensorFlow is told, and that a process has one limit. In C++ of
// its own, since no process here sees a GPU.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const run = promisify(execFile);
const compiler = process.env['CXX'] || 'c++';
const hasCompiler = await run(compiler, ['--version']).then(
  () => true,
  () => false,
);
const UNITS = ['context_config.cc', 'gpu_memory.cc', 'wire_format.cc'];

describe.skipIf(!hasCompiler)("a GPU's memory", () => {
  let folder: string;
  let lines: string[];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
    const program = path.join(folder, 'memory');
    const units = UNITS.map((name) => path.join('native/tensorflow', name));
    const args = ['-std=c++17', '-pthread', '-Inative', '-o', program, 'test/gpu/memory.cc', ...units];
    await run(compiler, args, { cwd: packageRoot });
    lines = (await run(program)).stdout.trimEnd().split('\n');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('grows, and is limited where a part is given: tensorflow.ConfigProto', () => {
    // 6: gpu_options { 4: allow_growth true, 1: per_process_gpu_memory_fraction 0.25 }
    expect(lines.slice(0, 2)).toEqual(['32022001', '320b200109000000000000d03f']);
  });

  test('has the part of the first context that saw a GPU, and another part is refused', () => {
    const [none, first, whatever, same, other, after] = lines.slice(2);
    expect([none, first, whatever, same, after]).toEqual(['0.5', '0.25', '0.25', '0.25', '0.25']);
    expect(other).toMatch(/^ERR_LIVEDREAM_DEVICE_UNAVAILABLE .*may take 0\.25 of .* already.* to 0\.75 of/);
  });
});

test.each([0, 1.5, -1])('the option is a part: not %s', async (gpuMemoryFraction) => {
  await expect(smallDreamer({ gpuMemoryFraction })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_OPTION_RANGE',
    message: expect.stringMatching(/'gpuMemoryFraction' must be a number above 0 to 1/),
  });
});

test('the option changes nothing on a processor, also where another Dreamer had another part', async () => {
  for (const gpuMemoryFraction of [0.5, 0.25]) {
    await using dreamer = await smallDreamer({ device: 'cpu', gpuMemoryFraction });
    const dream = await dreamer.dream(rawPicture(64, 48), { octaves: 1, iterations: 1 });
    expect(dream).toMatchObject({ width: 64, device: 'CPU:0' });
  }
});
