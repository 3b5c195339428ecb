import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { describeReport } from '../../../lib/cli/doctor.js';
import { doctor } from '../../../lib/doctor.js';
import { explainNoGpu, type GpuFacts, gatherGpuFacts } from '../../../lib/runtime/find/gpu.js';
import { usePlace } from '../support/place.js';
import { fakePython } from '../support/python.js';

const place = usePlace();

describe('why there is no GPU', () => {
  const none: GpuFacts = {
    possible: true,
    driverLibrary: undefined,
    deviceFiles: [],
    driverVersion: undefined,
    container: false,
    visible: undefined,
    missing: [],
  };
  const driver: GpuFacts = { ...none, driverLibrary: '/usr/lib64/libcuda.so.1', deviceFiles: ['/dev/nvidia0'] };

  test.each<[string, Parameters<typeof explainNoGpu>[0], GpuFacts, RegExp, RegExp | undefined]>([
    ['another system', 'cpu', { ...driver, possible: false }, /only for Linux on x64/, undefined],
    [
      'the CPU build, no driver',
      'cpu',
      none,
      /CPU build, and there is no driver \(libcuda\.so\.1 .+ no NVIDIA/,
      undefined,
    ],
    ['the CPU build, a driver', 'cpu', driver, /CPU build, but .+ with its driver/, /livedream install --gpu/],
    [
      'no driver',
      'gpu',
      { ...driver, driverLibrary: undefined },
      /CUDA build, but there is no driver/,
      /install NVIDIA's driver, 525/,
    ],
    [
      'no device',
      'gpu',
      { ...driver, deviceFiles: [] },
      /there is no NVIDIA device/,
      /where there is an NVIDIA GPU, install/,
    ],
    ['a container', 'gpu', { ...none, container: true }, /there is no driver/, /--gpus all/],
    [
      'hidden',
      'gpu',
      { ...driver, visible: '-1' },
      /CUDA_VISIBLE_DEVICES is '-1', which hides/,
      /unset CUDA_VISIBLE_DEVICES/,
    ],
    [
      'an old driver',
      'gpu',
      { ...driver, driverVersion: '470.99.1' },
      /the driver is 470\.99\.1, and CUDA 12 needs/,
      /update/,
    ],
    [
      'CUDA is missing',
      'gpu',
      { ...driver, missing: ['libcudnn.so.9'] },
      /libcudnn\.so\.9 is not in 'nvidia'/,
      /install --gpu/,
    ],
    ['unknown', 'gpu', { ...driver, driverVersion: '1000.1' }, /took it not/, /LIVEDREAM_VERBOSE=1/],
    ['nothing installed', undefined, none, /not here yet; there is no driver/, undefined],
    ['nothing installed, a driver', undefined, driver, /not here yet; there is an NVIDIA GPU/, /install --gpu/],
  ])('%s', (_case, variant, facts, expected, remedy) => {
    const found = explainNoGpu(variant, facts);
    expect(found.why).toMatch(expected);
    if (remedy) expect(found.remedy).toMatch(remedy);
    else expect(found.remedy).toBeUndefined();
  });

  test('is found out by looking for the driver and for CUDA beside the library', async () => {
    const library = path.join(place.folder, 'tensorflow', 'libtensorflow_cc.so.2');
    const cudnn = path.join(place.folder, 'nvidia/cudnn/lib');
    mkdirSync(cudnn, { recursive: true });
    writeFileSync(path.join(cudnn, 'libcudnn.so.9'), '');
    expect((await gatherGpuFacts(library)).missing).toContain('libcudart.so.12');
    expect((await gatherGpuFacts(library)).missing).not.toContain('libcudnn.so.9');
    const elsewhere = path.join(place.folder, 'elsewhere');
    mkdirSync(elsewhere);
    for (const file of ['libcudart.so.12', 'libcuda.so.1']) writeFileSync(path.join(elsewhere, file), '');
    vi.stubEnv('LD_LIBRARY_PATH', elsewhere);
    const facts = await gatherGpuFacts(library);
    expect(facts.missing).not.toContain('libcudart.so.12');
    expect(facts.driverLibrary).toBe(path.join(elsewhere, 'libcuda.so.1'));
  });
});

describe('with nothing installed', () => {
  test('the report says what is missing and what to do, and does not reject', async () => {
    const report = await doctor();
    expect(report).toMatchObject({ ok: false, devices: [], python: undefined, uv: undefined });
    expect(report.ffmpeg).toBeUndefined();
    expect(report.platform.node).toBe(process.version);
    expect(report.xla.available).toBe(false);
    expect(report.cache).toEqual({ folder: place.cache, runtimeBytes: 0, downloadBytes: 0, compiledBytes: 0 });
    expect(report.runtime.problem).toContain('npx livedream install');
    expect(report.advice.join()).toContain('needs pip or uv, and neither was found');
    const text = describeReport(report);
    expect(text).toMatch(/^no {2}runtime {5}not there$/m);
    expect(text).toMatch(/^no {2}films {7}no ffmpeg 4\.4 or later; only needed for films$/m);
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
