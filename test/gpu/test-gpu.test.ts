import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { whyNoGpu } from '../../tools/gpu/machine.mjs';
import { gpuReport } from '../../tools/gpu/report.mjs';

const tool = path.join(packageRoot, 'tools/test-gpu.mjs');

test('a machine is known to have no GPU by its devices', () => {
  const linux = { platform: 'linux', arch: 'x64' } as const;
  expect(whyNoGpu(['null', 'nvidia0'], linux)).toBeUndefined();
  expect(whyNoGpu(['dxg'], linux)).toBeUndefined();
  expect(whyNoGpu(['null', 'nvidiactl'], linux)).toMatch(/no NVIDIA device/);
  expect(whyNoGpu(['nvidia0'], { platform: 'linux', arch: 'arm64' })).toMatch(/linux on arm64/);
});

test.skipIf(whyNoGpu() === undefined)(
  'npm run test:gpu says at once that there is no GPU, writes nothing and fails',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
    try {
      const start = Date.now();
      const output = path.join(folder, 'report.md');
      const { status, stdout, stderr } = spawnSync(process.execPath, [tool, '--output', output], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/test:gpu needs an NVIDIA GPU: /);
      expect(existsSync(output)).toBe(false);
      expect(Date.now() - start).toBeLessThan(20_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('--rehearse runs steps on the processor and writes them into one report', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
  try {
    const output = path.join(folder, 'report.md');
    const only = ['--only', 'What is here,Tests', 'test/options/markdown.test.ts'];
    const args = [tool, '--rehearse', ...only, '--output', output];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: output });
    const report = readFileSync(output, 'utf8');
    expect(report).toMatch(/^# livedream on cpu, \d{4}-\d\d-\d\d$/m);
    expect(report).toMatch(/\| What is here \| passed \| \d+ s \|/);
    expect(report).toContain('Ready to dream.');
    expect(report).toMatch(/LIVEDREAM_TEST_DEVICE=cpu .+ node .+vitest.+\n\n```text\n1 passed, 0 failed, 0 skipped\n/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the report says what failed, and holds whatever was printed', () => {
  const steps = [
    { name: 'Tests', command: 'node vitest', status: 0, seconds: 7, output: 'with ``` of its own' },
    { name: 'Benchmark', command: 'node bench', status: 3, seconds: 1, output: '' },
  ];
  const text = gpuReport({ date: new Date('2027-01-02'), device: 'gpu', facts: { 'GPU 0': 'a card' }, steps });
  expect(text).toContain('# livedream on gpu, 2027-01-02');
  expect(text).toContain('| GPU 0 | a card |');
  expect(text).toContain('| Tests | passed | 7 s |');
  expect(text).toContain('| Benchmark | **failed** (3) | 1 s |');
  expect(text).toContain('````text\nwith ``` of its own\n````');
});
