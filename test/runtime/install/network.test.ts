// The real pip over networks that fail: offline, by proxies, cut off, other bytes. Each is told with what to do, leaves nothing, and the
// next try comes to its end.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { installRuntime } from '../../../lib/runtime/install/install.js';
import { closeIndex, type PackageIndex, python, serveIndex, standInCpu, usePip } from '../support/package-index.js';
import { filesBelow, thisPlatform, usePlace } from '../support/place.js';

const place = usePlace();
const { platform, content } = standInCpu(thisPlatform(), 300_000);
const wheels = platform.wheels.cpu ?? [];
const [wheel] = wheels;
const HOST = 'packages.invalid';

let index: PackageIndex;
const others: Server[] = [];
beforeEach(async () => {
  index = await serveIndex(new Map([[wheel?.file ?? '', content]]), wheels);
  usePip(index.port);
  // pip's own setting: less patience, no other words.
  vi.stubEnv('PIP_RETRIES', '1');
});
afterEach(async () => {
  for (const server of others.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await closeIndex(index);
});

async function listening(server: Server): Promise<number> {
  others.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** It is refused with this code, or one of these, and these words, and nothing is left of it. */
async function refused(code: string, says: RegExp): Promise<void> {
  const error: Error = await installRuntime({}, platform).then(
    () => Promise.reject(new Error('It was installed.')),
    (reason: Error) => reason,
  );
  expect(error).toMatchObject({ code: expect.stringMatching(`^ERR_LIVEDREAM_(${code})$`) });
  expect(error.message).toMatch(says);
  expect(filesBelow(place.cache)).toEqual([]);
}

const installed = async (): Promise<void> => {
  expect(await installRuntime({}, platform)).toMatchObject({ source: 'installed' });
};

describe.skipIf(!python)('offline', () => {
  test('as nobody answers', async () => {
    vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${await unusedPort()}/simple`);
    await refused('INSTALL_FAILED', /refuses the connection\. See whether there is a network.*--from WHEEL/);
  });

  test('as no name can be looked up', async () => {
    vi.stubEnv('PIP_INDEX_URL', `http://${HOST}/simple`);
    vi.stubEnv('PIP_TRUSTED_HOST', HOST);
    await refused('INSTALL_FAILED', /name cannot be looked up: there is no network, or no such host\. .*--from WHEEL/);
  });
});

describe.skipIf(!python)('a download', () => {
  test('that breaks off', async () => {
    index.give = (response, file) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, file.length / 2), () => setTimeout(() => response.destroy(), 100));
    };
    // Pips before 25 take what came for the file.
    await refused('INSTALL_FAILED|CHECKSUM', /(its download broke off|the connection was cut off).*Try again/);
    index.give = (response, file) => response.end(file);
    await installed();
  });

  test('of as many bytes, but others', async () => {
    index.give = (response, file) => response.end(Buffer.from(file).fill(0, 1000, 1010));
    await refused('CHECKSUM', new RegExp(`has SHA-256 [0-9a-f]{64}, and must have ${wheel?.sha256}`));
    index.give = (response, file) => response.end(file);
    await installed();
  });

  test('that stalls', async () => {
    vi.stubEnv('PIP_DEFAULT_TIMEOUT', '2');
    index.give = (response, file) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, file.length / 2));
    };
    await refused('INSTALL_FAILED', /nothing came from the package index for too long\. .*--from WHEEL/);
  });
});

describe.skipIf(!python)('by a proxy', () => {
  test('for http, with its password', async () => {
    const asked: (string | undefined)[] = [];
    index.server.prependListener('request', (request) =>
      asked.push(request.url, request.headers['proxy-authorization']),
    );
    vi.stubEnv('HTTP_PROXY', `http://me:secret@127.0.0.1:${index.port}`);
    vi.stubEnv('PIP_INDEX_URL', `http://${HOST}/simple`);
    vi.stubEnv('PIP_TRUSTED_HOST', HOST);
    await installed();
    expect(asked[0]).toBe(`http://${HOST}/simple/${wheel?.project}/`);
    expect(asked[1]).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  });

  test('for https by a tunnel', async (context) => {
    const [keyFile, certificate] = ['key.pem', 'certificate.pem'].map((name) => path.join(place.folder, name)) as [
      string,
      string,
    ];
    const asked = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${HOST}`];
    try {
      const files = ['-keyout', keyFile, '-out', certificate, '-addext', `subjectAltName=DNS:${HOST}`];
      execFileSync('/usr/bin/openssl', [...asked, ...files], { stdio: 'ignore' });
    } catch {
      return context.skip('needs openssl');
    }
    const [key, cert] = [readFileSync(keyFile), readFileSync(certificate)];
    const secure = await listening(
      createSecureServer({ key, cert }, (...both) => index.server.emit('request', ...both)),
    );
    const tunnels: (string | undefined)[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url);
      const target = connect(secure, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      socket.pipe(target).pipe(socket);
      for (const each of [socket, target]) each.on('error', () => undefined);
    });
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listening(proxy)}`);
    vi.stubEnv('PIP_INDEX_URL', `https://${HOST}/simple`);
    await refused('INSTALL_FAILED', /certificate is not trusted \(self[- ]signed certificate\)\. .*PIP_CERT/);
    vi.stubEnv('PIP_CERT', certificate);
    await installed();
    expect(new Set(tunnels)).toEqual(new Set([`${HOST}:443`]));
  });

  test('that refuses', async () => {
    const proxy = createServer().on('connect', (_request, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
    );
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listening(proxy)}`);
    vi.stubEnv('PIP_INDEX_URL', `https://${HOST}/simple`);
    await refused(
      'INSTALL_FAILED',
      /the proxy does not lead to the package index \(407 Proxy Authentication Required\)\. HTTPS_PROXY/,
    );
  });

  test('that is not there', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await unusedPort()}`);
    vi.stubEnv('PIP_INDEX_URL', `https://${HOST}/simple`);
    await refused('INSTALL_FAILED', /the proxy cannot be reached\. HTTPS_PROXY, HTTP_PROXY .*--from WHEEL/);
  });
});
