// From other places than the model's own address: a file, a mirror, by way of a proxy.
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { usePlace } from '../../runtime/support/place.js';
import { ARCHIVE, GRAPH, sha256, withoutProxies } from '../support/fetchable.js';
import { cached, expectRight, fails, fetchOf, KEPT } from '../support/fetching.js';
import { answers, gives, type Served, serve } from '../support/server.js';

const place = usePlace();
withoutProxies();

/** No server is asked where a file is given, or a mirror. */
const NOWHERE = { origin: 'http://127.0.0.1:9' };

function given(name: string, bytes: Uint8Array): string {
  const file = path.join(place.folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe('from a file', () => {
  test('that is the archive, whatever its name', async () => {
    expectRight(place, await fetchOf(place, NOWHERE, { from: given('download (1)', ARCHIVE) }));
  });

  test('that is the graph alone, which then has no labels', async () => {
    const model = await fetchOf(place, NOWHERE, { from: given('graph.pb', GRAPH) });
    expect(model).toMatchObject({ labels: undefined, bytes: GRAPH.length });
    expect(cached(place)).toEqual(KEPT.slice(0, 1));
    expect(await fetchOf(place, NOWHERE)).toEqual(model);
  });

  test('that is another one is refused, with what it must be', async () => {
    const from = given('net.zip', ARCHIVE.subarray(1));
    const error = await fails(fetchOf(place, NOWHERE, { from }));
    expect(error.code).toBe('ERR_LIVEDREAM_CHECKSUM');
    for (const part of [from, sha256(ARCHIVE.subarray(1)), sha256(ARCHIVE), sha256(GRAPH)])
      expect(error.message).toContain(part);
    expect(cached(place)).toEqual([]);
  });

  test('that is not there, or a folder, is told', async () => {
    mkdirSync(path.join(place.folder, 'folder'));
    for (const [name, why] of [
      ['none.zip', 'there is no such file'],
      ['folder', 'it is no file'],
    ] as const) {
      const error = await fails(fetchOf(place, NOWHERE, { from: path.join(place.folder, name) }));
      expect(error.code).toBe('ERR_LIVEDREAM_MODEL_UNREADABLE');
      expect(error.message).toContain(`${name}' cannot be read: ${why}. Give \`--from\``);
    }
    expect(cached(place)).toEqual([]);
  });
});

describe('from a mirror', () => {
  test.each([
    ['the address of the folder', '/pub/nets', '/pub/nets/net.zip'],
    ['with a slash at its end', '/pub/nets/', '/pub/nets/net.zip'],
    ['the address of the archive, and a query', '/pub/net.zip?key=7', '/pub/net.zip?key=7'],
    ['the address of the folder, and a query', '/pub?key=7', '/pub/net.zip?key=7'],
  ])('by %s', async (_what, given, asked) => {
    const mirror = await serve(gives(ARCHIVE));
    expectRight(place, await fetchOf(place, NOWHERE, { mirror: `${mirror.origin}${given}` }));
    expect(mirror.seen.map(({ url }) => url)).toEqual([asked]);
  });

  test('that LIVEDREAM_MODEL_MIRROR names, but rather from the one that the call names', async () => {
    const [named, other] = [await serve(gives(ARCHIVE)), await serve(gives(ARCHIVE))];
    vi.stubEnv('LIVEDREAM_MODEL_MIRROR', named.origin);
    expectRight(place, await fetchOf(place, NOWHERE));
    expectRight(place, await fetchOf(place, NOWHERE, { mirror: other.origin, force: true }));
    expect([named.seen.length, other.seen.length]).toEqual([1, 1]);
    expectRight(place, await fetchOf(place, NOWHERE, { from: given('net.zip', ARCHIVE), force: true }));
    expect(named.seen).toHaveLength(1);
  });

  test('with a password, which no message shows', async () => {
    const mirror = await serve(answers(404));
    const address = mirror.origin.replace('//', '//me:s%20cret@');
    const error = await fails(fetchOf(place, NOWHERE, { mirror: address }));
    expect(mirror.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:s cret').toString('base64')}`);
    expect(error.message).toContain(`'${mirror.origin}/net.zip'`);
    expect(error.message).not.toMatch(/cret|me:/);
  });

  test('with a password, which another server does not get', async () => {
    const other = await serve(gives(ARCHIVE));
    const mirror = await serve(answers(302, { location: `${other.origin}/x.zip` }));
    expectRight(place, await fetchOf(place, NOWHERE, { mirror: mirror.origin.replace('//', '//me:secret@') }));
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('that is no address is refused by its name', async () => {
    vi.stubEnv('LIVEDREAM_MODEL_MIRROR', 'ftp://elsewhere');
    expect(await fails(fetchOf(place, NOWHERE))).toMatchObject({
      code: 'ERR_LIVEDREAM_OPTION_RANGE',
      message: expect.stringContaining("'LIVEDREAM_MODEL_MIRROR' must be an http: or https: address"),
    });
  });
});

describe('by way of a proxy', () => {
  /** One that forwards what is plain, as corporate proxies do. */
  async function forwarder(): Promise<Served> {
    const proxy = await serve((request, response) => {
      const { hostname, port, pathname } = new URL(request.url ?? '');
      const { range } = request.headers;
      const target = connect(Number(port), hostname, () => {
        target.write(`GET ${pathname} HTTP/1.0\r\nhost: ${hostname}\r\n${range ? `range: ${range}\r\n` : ''}\r\n`);
      });
      target.pipe(response.socket ?? response);
    });
    return proxy;
  }

  test('for http, with its password', async () => {
    const [served, proxy] = [await serve(gives(ARCHIVE)), await forwarder()];
    vi.stubEnv('HTTP_PROXY', proxy.origin.replace('//', '//me:secret@'));
    expectRight(place, await fetchOf(place, served));
    expect(proxy.seen.map(({ url }) => url)).toEqual([`${served.origin}/models/net.zip`]);
    expect(proxy.seen[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
    expect(served.seen[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  test('but not to a host that NO_PROXY names', async () => {
    const [served, proxy] = [await serve(gives(ARCHIVE)), await forwarder()];
    vi.stubEnv('HTTP_PROXY', proxy.origin);
    vi.stubEnv('NO_PROXY', 'example.org,127.0.0.1');
    expectRight(place, await fetchOf(place, served));
    expect(proxy.seen).toEqual([]);
  });

  test('for https by a tunnel; one that it does not open is told with the proxy', async () => {
    const proxy = await serve(answers(200));
    const asked: string[] = [];
    proxy.server.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    vi.stubEnv('HTTPS_PROXY', proxy.origin.replace('//', '//me:secret@'));
    const error = await fails(fetchOf(place, { origin: 'https://models.invalid' }));
    expect(new Set(asked)).toEqual(new Set(['models.invalid:443']));
    expect(error.code).toBe('ERR_LIVEDREAM_FETCH_REFUSED');
    expect(error.message).toContain(`by the proxy '${proxy.origin}/': the server or the proxy answers 403 Forbidden.`);
  });

  test('that is not there is told', async () => {
    const proxy = await serve(answers(200));
    const { port } = proxy.server.address() as AddressInfo;
    proxy.server.close();
    vi.stubEnv('http_proxy', `http://127.0.0.1:${port}`);
    const error = await fails(fetchOf(place, { origin: 'http://models.invalid' }));
    expect(error.message).toContain(
      `by the proxy 'http://127.0.0.1:${port}/': the connection was refused (ECONNREFUSED)`,
    );
  });

  test('of a kind that is not known is told at once', async () => {
    vi.stubEnv('HTTP_PROXY', 'socks5://127.0.0.1:9');
    const error = await fails(fetchOf(place, NOWHERE));
    expect(error.message).toMatch(/by the proxy 'socks5:\/\/127\.0\.0\.1:9': .*proxies of http: and https: only/);
  });
});
