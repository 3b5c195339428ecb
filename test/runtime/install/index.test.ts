// `install --gpu` by the real pip from a package index of the test's own, with a small stand-in for each wheel of the table: under
// their real names, so that pip resolves them by the same tags.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type InstallProgress, installRuntime } from '../../../lib/runtime/install/install.js';
import { PLATFORMS, type Platform } from '../../../lib/runtime/platforms.js';
import type { Wheel } from '../../../lib/runtime/wheel.js';
import { filesBelow, usePlace } from '../support/place.js';
import { makeZip, type ZipEntry } from '../support/zip.js';

const LINUX = PLATFORMS.find(({ key }) => key === 'linux-x64') as Platform;
const REAL = LINUX.wheels.gpu as readonly Wheel[];
const FOLDER = 'runtime/tensorflow-2.21.0-gpu-linux-x64';

/** A Python with pip of this machine, asked before the tests hide it. */
function realPython(): string | undefined {
  try {
    const code = 'import sys, pip; print(sys.executable)';
    return execFileSync('python3', ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
const python = realPython();
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

/** As much of a wheel as pip looks at. */
function standIn(wheel: Wheel): Buffer {
  const info = `${wheel.project.replaceAll('-', '_')}-${wheel.version}.dist-info`;
  const [, , ...tag] = wheel.file.replace(/\.whl$/, '').split('-');
  return makeZip([
    ...contentOf(wheel),
    { name: `${info}/METADATA`, data: `Metadata-Version: 2.1\nName: ${wheel.project}\nVersion: ${wheel.version}\n` },
    { name: `${info}/WHEEL`, data: `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: ${tag.join('-')}\n` },
    { name: `${info}/RECORD`, data: '' },
    { name: `${info}/LICENSE.txt`, data: `licence of ${wheel.project}` },
  ]);
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const bytes = new Map(REAL.map((wheel) => [wheel.file, standIn(wheel)]));
const standIns = REAL.map((wheel): Wheel => {
  const content = bytes.get(wheel.file) as Buffer;
  return { ...wheel, bytes: content.length, sha256: sha256(content) };
});
const platform: Platform = { ...LINUX, wheels: { gpu: standIns } };

let server: Server;
let served: string[];
/** What the index gives instead of the stand-in. */
let instead: Map<string, Buffer>;
beforeEach(async () => {
  served = [];
  instead = new Map();
  // https://packaging.python.org/en/latest/specifications/simple-repository-api
  server = createServer((request, response) => {
    const name =
      decodeURIComponent(request.url ?? '')
        .split('/')
        .filter(Boolean)
        .at(-1) ?? '';
    const file = bytes.get(name);
    if (file) {
      served.push(name);
      response.end(instead.get(name) ?? file);
      return;
    }
    const links = REAL.filter(({ project }) => project === name).map(
      (wheel) => `<a href="/files/${wheel.file}">${wheel.file}</a>`,
    );
    response.statusCode = links.length === 0 ? 404 : 200;
    response.setHeader('content-type', 'text/html');
    response.end(`<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('LIVEDREAM_PYTHON', python);
  vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${port}/simple`);
  vi.stubEnv('PIP_EXTRA_INDEX_URL', undefined);
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
  vi.stubEnv('PIP_NO_CACHE_DIR', '1');
  for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'])
    vi.stubEnv(name, undefined);
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

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
    expect(served.sort()).toEqual(REAL.map(({ file }) => file).sort());
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
    for (const [index, { file, sha256: pinned }] of standIns.entries()) {
      await expect(install()).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_LIVEDREAM_(INSTALL_FAILED|CHECKSUM)$/),
        message: expect.stringContaining(pinned),
      });
      expect(filesBelow(path.join(place.cache, 'runtime'))).toEqual([]);
      const whole = standIns.slice(0, index).map((wheel) => wheel.file);
      expect(filesBelow(path.join(place.cache, 'downloads')).sort()).toEqual(whole.sort());
      instead.delete(file);
    }
    served = [];
    await install();
    expect(served).toEqual([standIns.at(-1)?.file]);
  },
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
