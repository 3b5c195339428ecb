import { describe, expect, test, vi } from 'vitest';
import { describeReport } from '../../../lib/cli/doctor.js';
import { doctor } from '../../../lib/doctor.js';
import { explainNoGpu, type GpuFacts } from '../../../lib/runtime/find/gpu.js';
import { usePlace } from '../support/place.js';
import { fakePython } from '../support/python.js';

const place = usePlace();

describe('why there is no GPU', () => {
  const none: GpuFacts = {
    possible: true,
    driverLibrary: undefined,
    deviceFiles: [],
    visible: undefined,
    cudaBeside: true,
  };
  const driver: GpuFacts = { ...none, driverLibrary: '/usr/lib64/libcuda.so.1', deviceFiles: ['/dev/nvidia0'] };

  test.each<[string, Parameters<typeof explainNoGpu>[0], GpuFacts, RegExp]>([
    ['another system', 'cpu', { ...driver, possible: false }, /only for Linux on x64/],
    ['the CPU build, no driver', 'cpu', none, /CPU build, and there is no driver \(libcuda\.so\.1 .+ no NVIDIA device/],
    ['the CPU build, a driver', 'cpu', driver, /CPU build, but .+ with its driver: 'npx livedream install --gpu'/],
    ['the CUDA build, no driver', 'gpu', { ...driver, driverLibrary: undefined }, /CUDA build, but there is no driver/],
    ['the CUDA build, no device', 'gpu', { ...driver, deviceFiles: [] }, /there is no NVIDIA device/],
    ['hidden', 'gpu', { ...driver, visible: '-1' }, /CUDA_VISIBLE_DEVICES is '-1', which hides/],
    ['CUDA is missing', 'gpu', { ...driver, cudaBeside: false }, /libraries are not in 'nvidia'/],
    ['unknown', 'gpu', driver, /LIVEDREAM_VERBOSE=1/],
    ['nothing installed', undefined, none, /not here yet; there is no driver/],
  ])('%s', (_case, variant, facts, expected) => {
    expect(explainNoGpu(variant, facts)).toMatch(expected);
  });
});

describe('with nothing installed', () => {
  test('the report says what is missing and what to do, and does not reject', async () => {
    const report = await doctor();
    expect(report).toMatchObject({ ok: false, devices: [], python: undefined, uv: undefined });
    expect(report.platform.node).toBe(process.version);
    expect(report.xla.available).toBe(false);
    expect(report.cache).toEqual({ folder: place.cache, runtimeBytes: 0, downloadBytes: 0, compiledBytes: 0 });
    expect(report.runtime.problem).toContain('npx livedream install');
    expect(report.advice.join()).toContain('needs pip or uv, and neither was found');
    const text = describeReport(report);
    expect(text).toMatch(/^no {2}runtime {5}not there$/m);
    expect(text).toMatch(/Not ready:\n- /);
  });

  test('a Python with pip is told', async () => {
    fakePython(place, { pip: '24.0' });
    const report = await doctor();
    expect(report.python).toMatchObject({ command: 'python3', version: '3.11.0', pip: '24.0' });
    expect(report.advice.join()).not.toContain('needs pip');
  });

  test('a wrong LIVEDREAM_TENSORFLOW is what the report is about', async () => {
    vi.stubEnv('LIVEDREAM_TENSORFLOW', '/no/tensorflow');
    const report = await doctor();
    expect(report.ok).toBe(false);
    expect(report.advice.join()).toContain("LIVEDREAM_TENSORFLOW is '/no/tensorflow'");
  });
});
