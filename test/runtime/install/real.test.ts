import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { doctor } from '../../../lib/doctor.js';
import { findRuntime } from '../../../lib/runtime/find/find.js';
import { installRuntime } from '../../../lib/runtime/install/install.js';

const found = await findRuntime().catch(() => undefined);
const wheel = process.env['LIVEDREAM_TEST_WHEEL'];

test.skipIf(!found)('the doctor finds this machine in order, and XLA by compiling with it', async () => {
  const report = await doctor();
  expect(report.advice).toEqual([]);
  expect(report).toMatchObject({ ok: true, runtime: { library: found?.library }, xla: { available: true } });
  expect(report.devices[0]).toMatchObject({ name: 'cpu', type: 'cpu' });
  expect(report.runtime.loadedVersion).toMatch(/^2\.\d+\.\d+/);
  expect(report.gpu.why).not.toBe('');
});

test.skipIf(!wheel)('the real wheel of LIVEDREAM_TEST_WHEEL installs', async () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'livedream-real-'));
  vi.stubEnv('LIVEDREAM_CACHE', cache);
  try {
    const runtime = await installRuntime({ from: [wheel ?? ''] });
    expect(runtime.library.startsWith(cache)).toBe(true);
    vi.stubEnv('LIVEDREAM_TENSORFLOW', undefined);
    expect(await findRuntime()).toEqual(runtime);
  } finally {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  }
});
