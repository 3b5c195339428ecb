// The CUDA build on a machine without a driver: it loads and dreams on the processor, and says what is missing.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findRuntime } from '../../lib/runtime/find/find.js';
import { gatherGpuFacts } from '../../lib/runtime/find/gpu.js';
import { cli } from '../support/cli.js';
import { cudaBuild } from '../support/cuda.js';
import { SAMPLE } from '../support/pictures.js';

const { driverLibrary } = await gatherGpuFacts(undefined);
const own = await findRuntime().catch(() => undefined);

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function livedream(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Answer> {
  const env = { ...process.env, ...environment };
  return promisify(execFile)(process.execPath, [cli, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Answer) => error,
  );
}
const withCuda = (...args: string[]): Promise<Answer> => livedream(args, { LIVEDREAM_TENSORFLOW: cudaBuild ?? '' });

test.skipIf(!cudaBuild || driverLibrary)(
  'without a driver, the doctor opens the CUDA build and says what is missing',
  async () => {
    const { stdout } = await withCuda('doctor', '--json');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ ok: true, runtime: { variant: 'gpu' }, devices: [{ name: 'cpu' }] });
    expect(report.gpu).toMatchObject({
      available: false,
      why: expect.stringMatching(/CUDA build, but there is no driver/),
    });
    expect(report.advice.join()).toMatch(/driver.*docs\/gpu\.md/);
  },
);

test.skipIf(!cudaBuild || driverLibrary)(
  'without a driver, an explicit gpu is refused with the cause, and auto dreams on the CPU',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
    try {
      const output = path.join(folder, 'dream.png');
      const small = ['dream', SAMPLE, '-o', output, '--size', '64', '--octaves', '1', '--iterations', '1'];
      const refused = await withCuda(...small, '--device', 'gpu');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/'gpu' cannot be had: .*there is no driver \(libcuda\.so\.1/);
      expect(await withCuda(...small)).toMatchObject({ code: 0 });
      expect(statSync(output).size).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test.skipIf(own?.variant !== 'cpu')(
  'the CPU build has no kernels to ask about, and says how to get one that does',
  async () => {
    const { code, stderr } = await livedream(['doctor', '--kernels'], {});
    expect(code).toBe(1);
    expect(stderr).toMatch(/without kernels for GPUs.+livedream install --gpu/);
  },
);
