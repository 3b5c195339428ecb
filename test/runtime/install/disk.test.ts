// Disks that are full, get full, or cannot be written to: what happened and what to do is told, nothing is left, and with room the next
// try comes to its end.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { type InstallProgress, installRuntime } from '../../../lib/runtime/install/install.js';
import { fillDisk, makeReadOnly, mountDisk, useDisks } from '../support/disk.js';
import { closeIndex, python, serveIndex, standInCpu, usePip } from '../support/package-index.js';
import { filesBelow, thisPlatform, usePlace } from '../support/place.js';
import { platformWith, tensorflowWheel } from '../support/wheels.js';

const place = usePlace();
useDisks();
const MIB = 2 ** 20;

const needsMount = (context: TestContext): void => context.skip('needs to mount a tmpfs');
const failureOf = (installing: Promise<unknown>): Promise<Error & { code: string }> =>
  installing.then(
    () => Promise.reject(new Error('It was installed.')),
    (error: unknown) => error as Error & { code: string },
  );

describe('a disk that gets full', () => {
  test('while it unpacks', async (context) => {
    const { platform, content } = standInCpu(thisPlatform(), MIB);
    const [wheel] = platform.wheels.cpu ?? [];
    const folder = path.join(place.folder, 'wheels');
    if (!mountDisk(place.cache, 20 * MIB)) return needsMount(context);
    const from = [path.join(folder, wheel?.file ?? '')];
    mkdirSync(folder);
    writeFileSync(from[0] as string, content);
    let filler: { release: () => void } | undefined;
    const onProgress = ({ phase }: InstallProgress): void => {
      if (phase === 'unpack') filler ??= fillDisk(place.cache);
    };
    const error = await failureOf(installRuntime({ from, onProgress }, platform));
    expect(error.code).toBe('ERR_LIVEDREAM_INSTALL_FAILED');
    expect(error.message).toMatch(
      /^TensorFlow cannot be kept in '.+cache\/runtime': ENOSPC.+\. Make room there, or set LIVEDREAM_CACHE to a folder with more\.$/,
    );
    expect(filesBelow(place.cache)).toEqual(['filler']);
    filler?.release();
    expect(await installRuntime({ from }, platform)).toMatchObject({ source: 'installed' });
  });

  test.skipIf(!python)('while pip downloads', async (context) => {
    const { platform, content } = standInCpu(thisPlatform(), MIB);
    const wheels = platform.wheels.cpu ?? [];
    if (!mountDisk(place.cache, 20 * MIB)) return needsMount(context);
    const index = await serveIndex(new Map([[wheels[0]?.file ?? '', content]]), wheels);
    usePip(index.port);
    let filler: { release: () => void } | undefined;
    index.give = (response, file) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, file.length / 2));
      filler = fillDisk(place.cache);
      response.end(file.subarray(file.length / 2));
    };
    try {
      const error = await failureOf(installRuntime({}, platform));
      expect(error.code).toBe('ERR_LIVEDREAM_INSTALL_FAILED');
      expect(error.message).toMatch(
        /^pip could not download tensorflow.+\.whl: the disk is full\. Make room there, or set LIVEDREAM_CACHE to a folder with more\.$/,
      );
      expect(filesBelow(place.cache)).toEqual(['filler']);
      filler?.release();
      index.give = (response, file) => response.end(file);
      expect(await installRuntime({}, platform)).toMatchObject({ source: 'installed' });
    } finally {
      await closeIndex(index);
    }
  });

  test('before it unpacks: nothing is begun', async (context) => {
    const wheel = tensorflowWheel(path.join(place.folder, 'wheels'));
    if (!mountDisk(place.cache, 64 * 1024)) return needsMount(context);
    const { release } = fillDisk(place.cache);
    const error = await failureOf(installRuntime({ from: [wheel.path] }, platformWith([wheel])));
    expect(error.code).toBe('ERR_LIVEDREAM_INSTALL_FAILED');
    expect(error.message).toMatch(/LIVEDREAM_CACHE/);
    expect(filesBelow(place.cache)).toEqual(['filler']);
    release();
    expect(await installRuntime({ from: [wheel.path] }, platformWith([wheel]))).toMatchObject({ source: 'installed' });
  });
});

describe('a cache whose disk is mounted read-only', () => {
  test('is told, with what to do', async (context) => {
    const wheel = tensorflowWheel(path.join(place.folder, 'wheels'));
    if (!mountDisk(place.cache, MIB)) return needsMount(context);
    makeReadOnly(place.cache);
    const error = await failureOf(installRuntime({ from: [wheel.path] }, platformWith([wheel])));
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_INSTALL_FAILED' });
    expect(error.message).toMatch(
      /'.+cache\/runtime' cannot be written to \(EROFS\); set LIVEDREAM_CACHE to one that can\. Nothing was changed\.$/,
    );
  });

  test('serves what was installed into it, and is told only where that is to be replaced', async (context) => {
    const wheel = tensorflowWheel(path.join(place.folder, 'wheels'));
    if (!mountDisk(place.cache, MIB)) return needsMount(context);
    const runtime = await installRuntime({ from: [wheel.path] }, platformWith([wheel]));
    makeReadOnly(place.cache);
    rmSync(wheel.path);
    expect(await installRuntime({}, platformWith([wheel]))).toEqual(runtime);
    const error = await failureOf(installRuntime({ force: true }, platformWith([wheel])));
    expect(error.message).toMatch(/EROFS/);
    expect(await installRuntime({}, platformWith([wheel]))).toEqual(runtime);
  });
});
