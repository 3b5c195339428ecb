import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type InstallProgress, installRuntime } from '../../../lib/runtime/install/install.js';
import { executable, filesBelow, usePlace } from '../support/place.js';
import { copyFrom, fakePython, pythonLog } from '../support/python.js';
import { cudaWheel, platformWith, tensorflowWheel } from '../support/wheels.js';

const place = usePlace();

function index(): string {
  return path.join(place.folder, 'index');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('by pip', () => {
  test('asks for the pinned wheel by its hash, for the platform, whatever the Python', async () => {
    const wheel = tensorflowWheel(index());
    fakePython(place, { pip: '24.0', download: copyFrom(index()) });
    const { library } = await installRuntime({}, platformWith([wheel]));
    expect(readFileSync(library, 'utf8')).toMatch(/^library /);
    const log = pythonLog(place);
    expect(log).toContain(`tensorflow-cpu==2.21.0 --hash=sha256:${wheel.wheel.sha256}`);
    for (const words of [
      '--no-deps --only-binary=:all: --require-hashes',
      '--python-version 3.11 --implementation cp --abi cp311',
      '--platform one_platform --platform other_platform',
    ]) {
      expect(log).toContain(words);
    }
    expect(filesBelow(path.join(place.cache, 'downloads')), 'a used download is removed').toEqual([]);
  });

  test('tells how far the download is, by the size of what arrives', async () => {
    const wheel = tensorflowWheel(index());
    // As pip does: first into its temporary folder, then to its destination.
    const download = `head -c 100 "${wheel.path}" > "$TMPDIR/${wheel.wheel.file}"; sleep 0.7; ${copyFrom(index())}`;
    fakePython(place, { pip: '24.0', download });
    const seen: InstallProgress[] = [];
    await installRuntime({ onProgress: (progress) => seen.push(progress) }, platformWith([wheel]));
    const total = wheel.wheel.bytes;
    const downloads = seen.filter(({ phase }) => phase === 'download').map(({ done }) => done);
    expect(downloads.at(0)).toBe(0);
    expect(downloads.at(-1)).toBe(total);
    expect(seen.at(-1)).toMatchObject({ phase: 'unpack' });
  });

  test('goes on with the wheels that an earlier try has not got', async () => {
    const wheels = [tensorflowWheel(index()), cudaWheel(path.join(place.folder, 'later'))];
    const platform = platformWith([], wheels);
    fakePython(place, { pip: '24.0', download: copyFrom(index()) });
    await expect(installRuntime({ variant: 'gpu' }, platform)).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_INSTALL_FAILED',
    });
    expect(filesBelow(place.cache)).toEqual([`downloads/${wheels[0]?.wheel.file}`]);
    fakePython(place, { pip: '24.0', download: copyFrom(path.join(place.folder, 'later')) });
    await installRuntime({ variant: 'gpu' }, platform);
    expect(pythonLog(place).match(/^tensorflow-cpu==/gm)).toHaveLength(1);
    expect(filesBelow(path.join(place.cache, 'downloads'))).toEqual([]);
  });

  test('fetches a download anew that is not whole', async () => {
    const wheel = tensorflowWheel(index());
    fakePython(place, { pip: '24.0', download: copyFrom(index()) });
    await installRuntime({}, platformWith([wheel]));
    rmSync(path.join(place.cache, 'runtime'), { recursive: true });
    writeFileSync(path.join(place.cache, 'downloads', wheel.wheel.file), 'half');
    await installRuntime({}, platformWith([wheel]));
    expect(pythonLog(place).match(/^tensorflow-cpu==/gm)).toHaveLength(2);
  });

  test('does not believe pip: the hash is checked again', async () => {
    const wheel = tensorflowWheel(index());
    writeFileSync(wheel.path, 'something else');
    fakePython(place, { pip: '24.0', download: copyFrom(index()) });
    await expect(installRuntime({}, platformWith([wheel]))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_CHECKSUM' });
    expect(filesBelow(place.cache)).toEqual([]);
  });

  test("passes on pip's last words", async () => {
    fakePython(place, { pip: '24.0', download: 'echo "ERROR: No matching distribution" >&2; exit 1' });
    await expect(installRuntime({}, platformWith([tensorflowWheel(index())]))).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_INSTALL_FAILED',
      message: expect.stringContaining('ERROR: No matching distribution'),
    });
    expect(filesBelow(place.cache)).toEqual([]);
  });

  test('is stopped by an abort, and leaves neither a process nor a file', async () => {
    const pidFile = path.join(place.folder, 'pid');
    const download = `echo $$ > "${pidFile}"; echo part > "$TMPDIR/part.whl"; exec sleep 60`;
    fakePython(place, { pip: '24.0', download });
    const controller = new AbortController();
    const installing = installRuntime({ signal: controller.signal }, platformWith([tensorflowWheel(index())]));
    await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'), 10_000);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    const start = performance.now();
    controller.abort(new Error('interrupted'));
    await expect(installing).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    expect(performance.now() - start, 'at once, not by the last resort').toBeLessThan(2000);
    expect(isAlive(pid)).toBe(false);
    expect(filesBelow(place.cache)).toEqual([]);
  });
});

describe('without pip', () => {
  async function message(): Promise<string> {
    const error = await installRuntime({}, platformWith([tensorflowWheel(index())])).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_INSTALL_FAILED' });
    return (error as Error).message;
  }

  test('no Python: the message says what to install, and of --from', async () => {
    expect(await message()).toMatch(/no Python was found\. Install pip .+ LIVEDREAM_PYTHON.+ install --from WHEEL/);
  });

  test('a Python that has none is named', async () => {
    fakePython(place, {});
    expect(await message()).toContain("Python 3.11.0 ('python3') has no pip");
  });

  test('a LIVEDREAM_PYTHON that cannot be run is named, and no other taken', async () => {
    fakePython(place, { pip: '24.0', download: copyFrom(index()) });
    vi.stubEnv('LIVEDREAM_PYTHON', '/no/python');
    expect(await message()).toContain("'/no/python' of LIVEDREAM_PYTHON cannot be run");
  });

  test('uv runs it', async () => {
    fakePython(place, {});
    // uv runs pip: the rest of the line is pip's.
    const uv = path.join(place.bin, 'uv');
    executable(uv, `[ "$1" = --version ] && { echo "uv 0.9.0"; exit; }; shift 2; exec ${uv}-python -m "$@"`);
    fakePython(place, { pip: '25.0', download: copyFrom(index()) }, `${uv}-python`);
    const { source } = await installRuntime({}, platformWith([tensorflowWheel(index())]));
    expect(source).toBe('installed');
    expect(pythonLog(place)).toContain('uv-python -m pip download');
  });
});
