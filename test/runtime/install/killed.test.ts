// Installers that are killed, and several at once, each a process of its own; what comes of it is one whole installation.
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Platform } from '../../../lib/runtime/platforms.js';
import { type InstallerEnd, startInstaller } from '../support/installer.js';
import { filesBelow, thisPlatform, usePlace } from '../support/place.js';
import { copyFrom, fakePython, pythonLog } from '../support/python.js';
import { platformWith, tensorflowWheel } from '../support/wheels.js';

const place = usePlace();
const { framework, library, key } = thisPlatform();
const FOLDER = `runtime/tensorflow-2.21.0-cpu-${key}`;
const WHOLE = ['runtime.json', 'tensorflow/THIRD_PARTY_NOTICES.txt', `tensorflow/${library}`, `tensorflow/${framework}`]
  .map((file) => `${FOLDER}/${file}`)
  .sort();

function platformAndPip(download?: (folder: string) => string): Platform {
  const folder = path.join(place.folder, 'index');
  const platform = platformWith([tensorflowWheel(folder)]);
  fakePython(place, { pip: '24.0', download: (download ?? copyFrom)(folder) });
  return platform;
}

/** The installation of a cache is whole, and there is nothing else. */
function expectWhole({ code, last }: InstallerEnd, cache: string): void {
  expect({ code, last }).toMatchObject({
    code: 0,
    last: { runtime: { library: path.join(cache, FOLDER, 'tensorflow', library) } },
  });
  expect(filesBelow(cache)).toEqual(WHOLE);
  expect(readFileSync(path.join(cache, FOLDER, 'tensorflow', library), 'utf8')).toBe('library '.repeat(1000));
  expect(readdirSync(path.join(cache, 'runtime'))).toEqual([path.basename(FOLDER)]);
}

/** The lock of a dead process is one that was not renewed for 20 s; here they have passed. */
function ageLock(cache: string): void {
  const lock = path.join(cache, 'runtime/.lock');
  const long = new Date(Date.now() - 60_000);
  if (existsSync(lock)) utimesSync(lock, long, long);
}

describe('killed before each change that it makes to the file system, an installer leaves what the next one mends', () => {
  test.each([
    ['a first installation', false],
    ['another one by force', true],
  ])(
    '%s',
    async (_name, force) => {
      const platform = platformAndPip();
      let survived = false;
      let killed = 0;
      /** As many as run at a time. */
      const points = async (first: number): Promise<void> => {
        for (let killAt = first; !survived; killAt += 2) {
          const cache = path.join(place.folder, `cache-${killAt}`);
          if (force) expectWhole(await startInstaller(platform, { cache }).end, cache);
          const end = await startInstaller(platform, { cache, force, killAt }).end;
          if (end.signal === 'SIGKILL') {
            killed += 1;
            ageLock(cache);
            expectWhole(await startInstaller(platform, { cache }).end, cache);
          } else {
            survived = true;
            expectWhole(end, cache);
          }
        }
      };
      await Promise.all([points(1), points(2)]);
      // Folders, the requirements, the download, the manifest, the way to its place: all of these.
      expect(killed).toBeGreaterThan(10);
    },
    900_000,
  );
});

describe('several installers at once', () => {
  test('download once, and each has the same', async () => {
    const platform = platformAndPip((folder) => `sleep 1; ${copyFrom(folder)}`);
    const ends = await Promise.all(
      Array.from({ length: 3 }, () => startInstaller(platform, { cache: place.cache }).end),
    );
    for (const end of ends) expectWhole(end, place.cache);
    expect(pythonLog(place).match(/pip download/g)).toHaveLength(1);
  });

  test('of which the first is killed in its download: the next one takes over, though pip still runs', async () => {
    const pid = path.join(place.folder, 'pid');
    const first = path.join(place.folder, 'first');
    // The first pip goes on writing to its folder, whoever began it.
    const download = (folder: string): string =>
      `if [ ! -e "${first}" ]; then touch "${first}"; echo $$ > "${pid}"; while :; do echo part >> "$TMPDIR/part.whl"; sleep 0.2; done; fi; ${copyFrom(folder)}`;
    const platform = platformAndPip(download);
    const killed = startInstaller(platform, { cache: place.cache });
    await vi.waitUntil(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'), 60_000);
    try {
      const next = startInstaller(platform, { cache: place.cache });
      await next.told(({ phase }) => phase === 'wait');
      killed.child.kill('SIGKILL');
      expect(await killed.end).toMatchObject({ signal: 'SIGKILL' });
      expectWhole(await next.end, place.cache);
    } finally {
      process.kill(Number(readFileSync(pid, 'utf8')));
    }
  });

  test('of which one was killed while it unpacked: what it downloaded whole is used', async () => {
    const platform = platformAndPip();
    const [wheel] = platform.wheels.cpu ?? [];
    const killed = startInstaller(platform, { cache: place.cache });
    await killed.told(({ phase }) => phase === 'unpack').catch(() => undefined);
    killed.child.kill('SIGKILL');
    const { signal } = await killed.end;
    // As a killed one leaves it, where this one was faster than the kill.
    if (signal === null) {
      writeFileSync(
        path.join(place.cache, 'downloads', wheel?.file ?? ''),
        readFileSync(path.join(place.folder, 'index', wheel?.file ?? '')),
      );
      writeFileSync(path.join(place.cache, FOLDER, 'runtime.json'), '{');
    }
    ageLock(place.cache);
    expectWhole(await startInstaller(platform, { cache: place.cache }).end, place.cache);
    expect(pythonLog(place).match(/pip download/g)).toHaveLength(1);
  });
});
