import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { findRuntime } from '../../../lib/runtime/find/find.js';
import { installRuntime } from '../../../lib/runtime/install/install.js';
import { fakeLibraries, thisPlatform, usePlace } from '../support/place.js';
import { fakePython, pythonLog } from '../support/python.js';
import { cudaWheel, platformWith, tensorflowWheel } from '../support/wheels.js';

const place = usePlace();

async function install(variant: 'cpu' | 'gpu' = 'cpu'): Promise<string> {
  const folder = path.join(place.folder, 'wheels');
  const wheels = [tensorflowWheel(folder), cudaWheel(folder)];
  const { library } = await installRuntime({ variant, from: [folder] }, platformWith(wheels.slice(0, 1), wheels));
  return library;
}

function pythonPackage(version: string): { folder: string; version: string } {
  return { folder: fakeLibraries(path.join(place.folder, 'site-packages', 'tensorflow')), version };
}

describe('the order', () => {
  test('is environment, cache, Python, system', async () => {
    vi.stubEnv('LD_LIBRARY_PATH', fakeLibraries(path.join(place.folder, 'system')));
    fakePython(place, { tensorflow: pythonPackage('2.19.0') });
    await install();
    vi.stubEnv('LIVEDREAM_TENSORFLOW', fakeLibraries(path.join(place.folder, 'mine')));
    expect(await findRuntime()).toMatchObject({ source: 'environment', version: undefined });
    vi.stubEnv('LIVEDREAM_TENSORFLOW', '');
    expect(await findRuntime()).toMatchObject({ source: 'installed', version: '2.21.0', variant: 'cpu' });
    expect(pythonLog(place), 'no process is started for these two').toBe('');
    rmSync(place.cache, { recursive: true });
    expect(await findRuntime()).toMatchObject({ source: 'python', version: '2.19.0' });
    rmSync(path.join(place.bin, 'python3'));
    const { library } = thisPlatform();
    expect(await findRuntime()).toMatchObject({
      source: 'system',
      version: undefined,
      library: path.join(place.folder, 'system', library),
    });
  });

  test('nothing anywhere: the error lists every place and the command', async () => {
    const error = await findRuntime().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_RUNTIME_MISSING' });
    expect(String(error)).toContain('LIVEDREAM_TENSORFLOW is not set');
    expect(String(error)).toContain(`nothing is installed in '${path.join(place.cache, 'runtime')}'`);
    expect(String(error)).toContain('no TensorFlow is installed for Python (asked: python3, python)');
    expect(String(error)).toContain('/usr/local/lib');
    expect(String(error)).toContain('npx livedream install');
  });
});

describe('LIVEDREAM_TENSORFLOW', () => {
  test.each([
    ['the folder of the libraries', 'tensorflow', ''],
    ["a folder with 'tensorflow' in it, as pip install --target makes it", 'tensorflow', '..'],
    ["a folder with 'lib' in it", 'lib', '..'],
    ['one of the files', 'tensorflow', thisPlatform().library],
  ])('may be %s', async (_what, name, given) => {
    const folder = fakeLibraries(path.join(place.folder, 'mine', name));
    vi.stubEnv('LIVEDREAM_TENSORFLOW', path.join(folder, given));
    expect(await findRuntime()).toMatchObject({ library: path.join(folder, thisPlatform().library) });
  });

  test('tells version and variant of a Python package', async () => {
    const folder = fakeLibraries(path.join(place.folder, 'mine', 'tensorflow'));
    mkdirSync(path.join(place.folder, 'mine', 'tensorflow-2.20.1.dist-info'));
    mkdirSync(path.join(folder, 'python', 'platform'), { recursive: true });
    writeFileSync(
      path.join(folder, 'python', 'platform', 'build_info.py'),
      "build_info = collections.OrderedDict([('is_cuda_build', True), ('is_rocm_build', False)])",
    );
    vi.stubEnv('LIVEDREAM_TENSORFLOW', path.join(place.folder, 'mine'));
    expect(await findRuntime()).toMatchObject({ version: '2.20.1', variant: 'gpu' });
  });

  test('may be what livedream installed elsewhere', async () => {
    const library = await install();
    vi.stubEnv('LIVEDREAM_CACHE', path.join(place.folder, 'another'));
    vi.stubEnv('LIVEDREAM_TENSORFLOW', path.resolve(library, '..', '..'));
    expect(await findRuntime()).toMatchObject({ source: 'environment', version: '2.21.0', variant: 'cpu' });
  });

  test.each(['2.15.1', '1.15.0', '2.22.0', '3.0.0'])('of version %s is refused', async (version) => {
    fakeLibraries(path.join(place.folder, 'mine', 'tensorflow'));
    mkdirSync(path.join(place.folder, 'mine', `tensorflow_cpu-${version}.dist-info`));
    vi.stubEnv('LIVEDREAM_TENSORFLOW', path.join(place.folder, 'mine'));
    await expect(findRuntime()).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_RUNTIME_VERSION',
      message: expect.stringContaining(`is TensorFlow ${version}`),
    });
  });

  test('that cannot be used is an error that names it, though there is another runtime', async () => {
    await install();
    const file = path.join(fakeLibraries(path.join(place.folder, 'mine')), 'README');
    writeFileSync(file, '');
    for (const given of [path.join(place.folder, 'nowhere'), place.bin, file]) {
      vi.stubEnv('LIVEDREAM_TENSORFLOW', given);
      await expect(findRuntime()).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_RUNTIME_MISSING',
        message: expect.stringContaining(`LIVEDREAM_TENSORFLOW is '${given}'`),
      });
    }
  });
});

describe('the cache', () => {
  test('gives the GPU build before the CPU build', async () => {
    await install('gpu');
    await install('cpu');
    expect(await findRuntime()).toMatchObject({ variant: 'gpu' });
  });

  test('a runtime that is not whole is passed over, and the error says so', async () => {
    writeFileSync(await install(), 'shorter');
    await expect(findRuntime()).rejects.toThrow(/what is installed in '.+' is not whole/);
  });

  test("another platform's runtime is not taken", async () => {
    const folder = path.join(place.folder, 'wheels');
    const wheel = tensorflowWheel(folder);
    await installRuntime({ from: [folder] }, { ...platformWith([wheel]), key: 'plan9-mips' });
    await expect(findRuntime()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_RUNTIME_MISSING' });
  });
});

describe("Python's TensorFlow", () => {
  test('of a version that is not supported is named in the error', async () => {
    fakePython(place, { tensorflow: pythonPackage('2.12.0') });
    await expect(findRuntime()).rejects.toThrow(/'python3' has TensorFlow 2\.12\.0, and livedream supports 2\.16/);
  });

  test.each(['VIRTUAL_ENV', 'CONDA_PREFIX'])('of %s comes before that of the PATH', async (name) => {
    fakePython(place, { tensorflow: { folder: path.join(place.folder, 'other'), version: '2.20.0' } });
    const environment = path.join(place.folder, 'environment');
    fakePython(place, { tensorflow: pythonPackage('2.18.1') }, path.join(environment, 'bin', 'python'));
    vi.stubEnv(name, environment);
    expect(await findRuntime()).toMatchObject({ source: 'python', version: '2.18.1' });
  });

  test('is only looked for in LIVEDREAM_PYTHON where that is set', async () => {
    fakePython(place, { tensorflow: pythonPackage('2.18.1') });
    vi.stubEnv('LIVEDREAM_PYTHON', path.join(place.folder, 'no-python'));
    await expect(findRuntime()).rejects.toThrow(/asked: \/.+no-python/);
  });
});
