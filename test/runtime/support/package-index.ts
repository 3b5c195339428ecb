// A package index of the test's own for the real pip, with small stand-ins of wheels under their real names.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import type { Platform } from '../../../lib/runtime/platforms.js';
import type { Wheel } from '../../../lib/runtime/wheel.js';
import { makeZip, type ZipEntry } from './zip.js';

/** A Python with pip of this machine, asked before the tests hide it. */
export const python = ((): string | undefined => {
  try {
    const code = 'import sys, pip; print(sys.executable)';
    return execFileSync('python3', ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
})();

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A wheel that is no more than what pip looks at and the given files. */
export function standInWheel(
  wheel: Wheel,
  files: readonly ZipEntry[],
): { readonly wheel: Wheel; readonly bytes: Buffer } {
  const info = `${wheel.project.replaceAll('-', '_')}-${wheel.version}.dist-info`;
  const [, , ...tag] = wheel.file.replace(/\.whl$/, '').split('-');
  const bytes = makeZip([
    ...files,
    { name: `${info}/METADATA`, data: `Metadata-Version: 2.1\nName: ${wheel.project}\nVersion: ${wheel.version}\n` },
    { name: `${info}/WHEEL`, data: `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: ${tag.join('-')}\n` },
    { name: `${info}/RECORD`, data: '' },
    { name: `${info}/LICENSE.txt`, data: `licence of ${wheel.project}` },
  ]);
  return { wheel: { ...wheel, bytes: bytes.length, sha256: sha256(bytes) }, bytes };
}

/** The CPU build of a platform, with libraries of so many bytes that do not compress. */
export function standInCpu(
  platform: Platform,
  bytes: number,
): { readonly platform: Platform; readonly content: Buffer } {
  const [real] = platform.wheels.cpu ?? [];
  if (real === undefined) throw new Error('There is no CPU build for this platform.');
  let seed = 1;
  const noise = Buffer.alloc(bytes, 0).map(() => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed >>> 16;
  });
  const library = { name: `tensorflow/${platform.library}`, data: Buffer.from(noise), mode: 0o755 };
  const framework = { name: `tensorflow/${platform.framework}`, data: 'framework', mode: 0o755 };
  const { wheel, bytes: content } = standInWheel(real, [framework, library]);
  return { platform: { ...platform, wheels: { cpu: [wheel] } }, content };
}

/** How a file is given. */
export type Give = (response: ServerResponse, file: Buffer) => void;

export interface PackageIndex {
  readonly server: Server;
  readonly port: number;
  /** Files that were asked for. */
  readonly served: string[];
  give: Give;
}

/** https://packaging.python.org/en/latest/specifications/simple-repository-api */
export async function serveIndex(files: ReadonlyMap<string, Buffer>, wheels: readonly Wheel[]): Promise<PackageIndex> {
  const index: { served: string[]; give: Give } = { served: [], give: (response, file) => response.end(file) };
  const server = createServer((request, response) => {
    // A proxy is asked for whole addresses.
    const { pathname } = new URL(request.url ?? '/', 'http://index');
    const name = decodeURIComponent(pathname).split('/').filter(Boolean).at(-1) ?? '';
    const file = files.get(name);
    if (file) {
      index.served.push(name);
      index.give(response, file);
      return;
    }
    const links = wheels
      .filter(({ project }) => project === name)
      .map((wheel) => `<a href="/files/${wheel.file}">${wheel.file}</a>`);
    response.statusCode = links.length === 0 ? 404 : 200;
    response.setHeader('content-type', 'text/html');
    response.end(`<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(index, { server, port: (server.address() as AddressInfo).port });
}

export function closeIndex({ server }: PackageIndex): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

/** What pip asks, in this process and in those that it begins: this index, no cache, no settings of the user's, no proxy. */
export function usePip(port: number): void {
  vi.stubEnv('LIVEDREAM_PYTHON', python);
  vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${port}/simple`);
  vi.stubEnv('PIP_EXTRA_INDEX_URL', undefined);
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
  vi.stubEnv('PIP_NO_CACHE_DIR', '1');
  // The first two count before pip's own PIP_CERT.
  for (const name of ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'PIP_CERT', 'PIP_FIND_LINKS', 'PIP_TRUSTED_HOST'])
    vi.stubEnv(name, undefined);
  for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'all_proxy'])
    vi.stubEnv(name, undefined);
}
