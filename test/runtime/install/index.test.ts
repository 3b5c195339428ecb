// `install --gpu` by the real pip from a package index of the test's own, with a small stand-in for each wheel of the table: under
// their real names, so that pip resolves them by the same tags.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InstallProgress, installRuntime } from '../../../lib/runtime/install/install.js';
import { PLATFORMS, type Platform } from '../../../lib/runtime/platforms.js';
import type { Wheel } from '../../../lib/runtime/wheel.js';
import {
  closeIndex,
  type PackageIndex,
  python,
  serveIndex,
  sha256,
  standInWheel,
  usePip,
} from '../support/package-index.js';
import { filesBelow, usePlace } from '../support/place.js';
import type { ZipEntry } from '../support/zip.js';

const LINUX = PLATFORMS.find(({ key }) => key === 'linux-x64') as Platform;
const REAL = LINUX.wheels.gpu as readonly Wheel[];
const FOLDER = 'runtime/tensorflow-2.21.0-gpu-linux-x64';

const place = usePlace();

/** What is kept of a stand-in, and what is not. */
function contentOf({ project }: Wheel): ZipEntry[] {
  if (project === 'tensorflow')
    return [LINUX.framework, LINUX.library, 'python/_pywrap.so'].map((name) => ({
      name: `tensorflow/${name}`,
      data: name,
    }));
  const name = project.replace(/^nvidia-|-cu12$/g, '').replaceAll('-', '_');
  return [
    { name: `nvidia/${name}/lib/lib${name}.so.12`, data: `library of ${project}`, mode: 0o755 },
    { name: `nvidia/${name}/include/${name}.h`, data: 'not needed' },
  ];
}

const made = REAL.map((wheel) => standInWheel(wheel, contentOf(wheel)));
const bytes = new Map(made.map(({ wheel, bytes: content }) => [wheel.file, content]));
const standIns = made.map(({ wheel }) => wheel);
const platform: Platform = { ...LINUX, wheels: { gpu: standIns } };

let index: PackageIndex;
/** What the index gives instead of the stand-in. */
let instead: Map<string, Buffer>;
beforeEach(async () => {
  instead = new Map();
  index = await serveIndex(bytes, REAL);
  index.give = (response, file) => response.end(instead.get(index.served.at(-1) ?? '') ?? file);
  usePip(index.port);
});
afterEach(() => closeIndex(index));

const install = (onProgress?: (progress: InstallProgress) => void): Promise<unknown> =>
  installRuntime({ variant: 'gpu', ...(onProgress ? { onProgress } : {}) }, platform);

test.skipIf(!python)(
  'every wheel of the table is resolved, checked and laid out where the CUDA build looks',
  async () => {
    const seen: InstallProgress[] = [];
    const library = path.join(place.cache, FOLDER, 'tensorflow', LINUX.library);
    expect(await install((progress) => seen.push(progress))).toMatchObject({
      variant: 'gpu',
      version: '2.21.0',
      library,
    });
    expect(index.served.sort()).toEqual(REAL.map(({ file }) => file).sort());
    const manifest = JSON.parse(readFileSync(path.join(place.cache, FOLDER, 'runtime.json'), 'utf8'));
    expect(manifest.wheels).toEqual(Object.fromEntries(standIns.map((wheel) => [wheel.file, wheel.sha256])));
    const files = filesBelow(path.join(place.cache, FOLDER));
    expect(files.filter((name) => /^nvidia\/[^/]+\/lib\//.test(name))).toHaveLength(REAL.length - 1);
    expect(files.filter((name) => /LICENSE/.test(name))).toHaveLength(REAL.length);
    expect(files.filter((name) => /include|python|METADATA/.test(name))).toEqual([]);
    for (const [name, { sha256: written }] of Object.entries<{ sha256: string }>(manifest.files))
      expect(sha256(readFileSync(path.join(place.cache, FOLDER, name)))).toBe(written);
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['download', 'unpack']);
    // Downloads are no longer needed.
    expect(filesBelow(path.join(place.cache, 'downloads'))).toEqual([]);
  },
);

test.skipIf(!python)(
  'each wheel in turn is refused where one bit is wrong: nothing is installed, and what was whole is kept for the next try',
  async () => {
    for (const { file } of standIns) {
      const wrong = Buffer.from(bytes.get(file) as Buffer);
      wrong.writeUInt8(wrong.readUInt8(wrong.length >> 1) ^ 1, wrong.length >> 1);
      instead.set(file, wrong);
    }
    for (const [at, { file, sha256: pinned }] of standIns.entries()) {
      await expect(install()).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_LIVEDREAM_(INSTALL_FAILED|CHECKSUM)$/),
        message: expect.stringContaining(pinned),
      });
      expect(filesBelow(path.join(place.cache, 'runtime'))).toEqual([]);
      const whole = standIns.slice(0, at).map((wheel) => wheel.file);
      expect(filesBelow(path.join(place.cache, 'downloads')).sort()).toEqual(whole.sort());
      instead.delete(file);
    }
    index.served.length = 0;
    await install();
    expect(index.served).toEqual([standIns.at(-1)?.file]);
  },
  600_000,
);

test.skipIf(!python)('an index that lacks a wheel is said by name', async () => {
  const { file, project, version } = standIns[3] as Wheel;
  const kept = bytes.get(file) as Buffer;
  bytes.delete(file);
  try {
    await expect(install()).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_INSTALL_FAILED',
      message: expect.stringMatching(new RegExp(`${project}|${version}`)),
    });
  } finally {
    bytes.set(file, kept);
  }
});
