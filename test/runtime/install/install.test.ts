import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type InstallOptions, type InstallProgress, installRuntime } from '../../../lib/runtime/install/install.js';
import { filesBelow, thisPlatform, usePlace } from '../support/place.js';
import { cudaWheel, platformWith, tensorflowEntries, tensorflowWheel, writeWheel } from '../support/wheels.js';
import { makeZip } from '../support/zip.js';

const place = usePlace();
const { framework, library, key } = thisPlatform();
const name = `runtime/tensorflow-2.21.0-cpu-${key}`;

function wheels(): string {
  return path.join(place.folder, 'wheels');
}

describe('from local wheels', () => {
  test('keeps only what is needed, and records it', async () => {
    const wheel = tensorflowWheel(wheels());
    const runtime = await installRuntime({ from: [wheel.path] }, platformWith([wheel]));
    const folder = path.join(place.cache, name);
    expect(runtime).toEqual({
      framework: path.join(folder, 'tensorflow', framework),
      library: path.join(folder, 'tensorflow', library),
      version: '2.21.0',
      variant: 'cpu',
      source: 'installed',
    });
    expect(filesBelow(place.cache)).toEqual(
      ['runtime.json', 'tensorflow/THIRD_PARTY_NOTICES.txt', `tensorflow/${library}`, `tensorflow/${framework}`]
        .map((file) => `${name}/${file}`)
        .sort(),
    );
    const manifest = JSON.parse(readFileSync(path.join(folder, 'runtime.json'), 'utf8'));
    expect(manifest.wheels).toEqual({ [wheel.wheel.file]: wheel.wheel.sha256 });
    const content = readFileSync(runtime.library);
    expect(manifest.files[`tensorflow/${library}`]).toEqual({
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(statSync(runtime.library).mode & 0o777).toBe(0o755);
  });

  test('answers at once the second time, and installs again by force', async () => {
    const wheel = tensorflowWheel(wheels());
    const onProgress = vi.fn<(progress: InstallProgress) => void>();
    const options = { from: [wheel.path], onProgress };
    const { library: file } = await installRuntime(options, platformWith([wheel]));
    const first = statSync(file).ino;
    expect(onProgress).toHaveBeenCalled();
    onProgress.mockClear();
    await installRuntime(options, platformWith([wheel]));
    expect(onProgress).not.toHaveBeenCalled();
    await installRuntime({ ...options, force: true }, platformWith([wheel]));
    expect(statSync(file).ino).not.toBe(first);
    expect(filesBelow(place.cache)).toHaveLength(4);
  });

  test('repairs an installation of which a file is damaged', async () => {
    const wheel = tensorflowWheel(wheels());
    const { library: file } = await installRuntime({ from: [wheel.path] }, platformWith([wheel]));
    writeFileSync(file, 'damaged');
    await installRuntime({ from: [wheel.path] }, platformWith([wheel]));
    expect(readFileSync(file, 'utf8')).toMatch(/^library library/);
  });

  test("puts CUDA's libraries where the CUDA build looks for them", async () => {
    const both = [tensorflowWheel(wheels()), cudaWheel(wheels())];
    const runtime = await installRuntime({ variant: 'gpu', from: [wheels()] }, platformWith([], both));
    expect(runtime.variant).toBe('gpu');
    const root = path.resolve(runtime.library, '..', '..');
    expect(filesBelow(path.join(root, 'nvidia'))).toEqual(['cuda_nvcc/bin/ptxas', 'cudnn/lib/libcudnn.so.9']);
    expect(statSync(path.join(root, 'nvidia/cuda_nvcc/bin/ptxas')).mode & 0o111).not.toBe(0);
    expect(existsSync(path.join(root, 'nvidia_cudnn_cu12-9.dist-info/licenses/LICENSE.txt'))).toBe(true);
  });

  test('tells how far it is', async () => {
    const wheel = tensorflowWheel(wheels());
    const seen: InstallProgress[] = [];
    const onProgress = (progress: InstallProgress): number => seen.push(progress);
    await installRuntime({ from: [wheel.path], onProgress }, platformWith([wheel]));
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['verify', 'unpack']);
    for (const { done, total } of seen) expect(done).toBeLessThanOrEqual(total);
    for (const phase of ['verify', 'unpack']) {
      const last = seen.filter((entry) => entry.phase === phase).at(-1);
      expect(last?.done).toBe(last?.total);
    }
  });
});

describe('what is wrong is refused, and nothing is left', () => {
  async function refused(options: InstallOptions, ...rest: Parameters<typeof platformWith>): Promise<Error> {
    const error = await installRuntime(options, platformWith(...rest)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(filesBelow(place.cache)).toEqual([]);
    if (!(error instanceof Error)) throw new Error('It was not refused.');
    return error;
  }

  test('a wheel of another SHA-256', async () => {
    const wheel = tensorflowWheel(wheels());
    writeFileSync(wheel.path, 'something else');
    const error = await refused({ from: [wheel.path] }, [wheel]);
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_CHECKSUM' });
    expect(error.message).toContain(wheel.path);
    expect(error.message).toContain(wheel.wheel.sha256);
  });

  test('one of several wheels is missing', async () => {
    const [first, second] = [tensorflowWheel(wheels()), cudaWheel(path.join(place.folder, 'elsewhere'))];
    const error = await refused({ variant: 'gpu', from: [first.path, place.bin] }, [], [first, second]);
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_CHECKSUM' });
    writeFileSync(path.join(wheels(), 'other-1.0-py3-none-any.whl'), '');
    const folder = await refused({ variant: 'gpu', from: [wheels()] }, [], [first, second]);
    expect(folder).toMatchObject({ code: 'ERR_LIVEDREAM_INSTALL_FAILED' });
    expect(folder.message).toContain(`${second.wheel.file} is missing`);
  });

  test('there is no such file', async () => {
    const error = await refused({ from: [path.join(place.folder, 'no.whl')] }, [tensorflowWheel(wheels())]);
    expect(error.message).toMatch(/There is no file or folder '.+no\.whl'/);
  });

  test('a truncated zip file', async () => {
    const whole = makeZip(tensorflowEntries());
    const wheel = writeWheel(wheels(), 'tensorflow-cpu', whole.subarray(0, whole.length - 30));
    const error = await refused({ from: [wheel.path] }, [wheel]);
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_INSTALL_FAILED' });
    expect(error.message).toContain(`'${wheel.path}' cannot be unpacked`);
  });

  test.each([
    'tensorflow/../../../../escaped',
    '/tmp/livedream-escaped',
    'tensorflow\\..\\escaped',
  ])('an entry named %s', async (entry) => {
    const wheel = tensorflowWheel(wheels(), [...tensorflowEntries(), { name: entry, data: 'x' }]);
    const error = await refused({ from: [wheel.path] }, [wheel]);
    expect(error.message).toMatch(/cannot be unpacked: (invalid relative path|absolute path|invalid characters)/);
    expect(existsSync(path.join(place.folder, 'escaped'))).toBe(false);
  });

  test('an entry of more bytes than it claims', async () => {
    const [, first, second] = tensorflowEntries();
    if (!first || !second) throw new Error('no entries');
    const wheel = tensorflowWheel(wheels(), [first, { ...second, claimed: 10 }]);
    const error = await refused({ from: [wheel.path] }, [wheel]);
    expect(error.message).toMatch(/too many bytes/);
  });

  test('an entry that claims 4 GB', async () => {
    const [, first, second] = tensorflowEntries();
    if (!first || !second) throw new Error('no entries');
    const wheel = tensorflowWheel(wheels(), [first, { ...second, claimed: 0xfffffffe }]);
    const error = await refused({ from: [wheel.path] }, [wheel]);
    expect(error.message).toMatch(/claims 4294967294 bytes/);
  });

  test('a wheel without the libraries', async () => {
    const wheel = tensorflowWheel(wheels(), tensorflowEntries().slice(0, 2));
    const error = await refused({ from: [wheel.path] }, [wheel]);
    expect(error.message).toContain(`lacks ${framework} or ${library}`);
  });

  test('a platform without wheels', async () => {
    const error = await refused({ variant: 'gpu' }, []);
    expect(error.message).toContain(`There is no GPU build of TensorFlow 2.21.0 for ${key}`);
  });

  test('an abort before and within', async () => {
    const wheel = tensorflowWheel(wheels());
    const before = await refused({ from: [wheel.path], signal: AbortSignal.abort() }, [wheel]);
    expect(before).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    for (const phase of ['verify', 'unpack']) {
      const controller = new AbortController();
      const onProgress = (progress: InstallProgress): void => {
        if (progress.phase === phase) controller.abort(new Error('enough'));
      };
      const error = await refused({ from: [wheel.path], signal: controller.signal, onProgress }, [wheel]);
      expect(error).toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED', cause: new Error('enough') });
    }
  });
});

describe('an onProgress that fails', () => {
  const failure = new Error('from onProgress');

  for (const phase of ['verify', 'unpack']) {
    test(`while it tells to ${phase} stops the installation, which rejects with its error and leaves nothing`, async () => {
      const wheel = tensorflowWheel(wheels());
      const fail = [
        (): void => {
          throw failure;
        },
        (): Promise<never> => Promise.reject(failure),
      ];
      for (const act of fail) {
        const onProgress = (progress: InstallProgress): unknown => (progress.phase === phase ? act() : undefined);
        const installing = installRuntime({ from: [wheel.path], onProgress }, platformWith([wheel]));
        expect(await installing.catch((error: unknown) => error)).toBe(failure);
        expect(filesBelow(place.cache)).toEqual([]);
      }
    });
  }
});

test('a failed installation by force leaves the old one', async () => {
  const wheel = tensorflowWheel(wheels());
  const runtime = await installRuntime({ from: [wheel.path] }, platformWith([wheel]));
  writeFileSync(wheel.path, 'something else');
  await expect(installRuntime({ from: [wheel.path], force: true }, platformWith([wheel]))).rejects.toThrow();
  expect(await installRuntime({}, platformWith([wheel]))).toEqual(runtime);
  expect(filesBelow(place.cache)).toHaveLength(4);
});

test('a cache that cannot be written to is named', async () => {
  // Not by permissions, which do not bind root, as which CI runs.
  writeFileSync(place.cache, 'a file in the way');
  const wheel = tensorflowWheel(wheels());
  await expect(installRuntime({ from: [wheel.path] }, platformWith([wheel]))).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_INSTALL_FAILED',
    message: expect.stringMatching(/'.+cache\/runtime' cannot be written to \(ENOTDIR\); set LIVEDREAM_CACHE/),
  });
});

test('too little disk space is told before anything is downloaded', async () => {
  const { wheel, path: file } = tensorflowWheel(wheels());
  const huge = { wheel: { ...wheel, bytes: 1e18 }, path: file };
  await expect(installRuntime({}, platformWith([huge]))).rejects.toThrow(
    /has \d+ MiB free, and the installation needs/,
  );
  expect(filesBelow(place.cache)).toEqual([]);
});

test('wrong options are refused by name', async () => {
  mkdirSync(place.cache);
  const wrong: [string, unknown, string][] = [
    ['variant', 'tpu', 'ERR_LIVEDREAM_OPTION_RANGE'],
    ['from', 'a.whl', 'ERR_LIVEDREAM_OPTION_TYPE'],
    ['from', [], 'ERR_LIVEDREAM_OPTION_RANGE'],
    ['force', 'yes', 'ERR_LIVEDREAM_OPTION_TYPE'],
    ['signal', {}, 'ERR_LIVEDREAM_OPTION_TYPE'],
    ['onProgress', true, 'ERR_LIVEDREAM_OPTION_TYPE'],
  ];
  for (const [option, value, code] of wrong) {
    const error = await installRuntime({ [option]: value }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`'${option}'`) });
  }
});
