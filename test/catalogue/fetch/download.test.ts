import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type FetchProgress, fetchModelFrom } from '../../../lib/catalogue/fetch/fetch.js';
import { usePlace } from '../../runtime/support/place.js';
import { ARCHIVE, description, GRAPH, LABELS, withoutProxies, writeCatalogue } from '../support/fetchable.js';
import { cached, expectRight, fails, fetchOf, LIMITS, PART } from '../support/fetching.js';
import { answers, gives, type Handler, inTurn, serve } from '../support/server.js';

const place = usePlace();
withoutProxies();

const HALF = Math.floor(ARCHIVE.length / 2);

describe('a model comes whole', () => {
  test('with its labels, and tells how far it is', async () => {
    const served = await serve(gives(ARCHIVE));
    const seen: FetchProgress[] = [];
    const model = await fetchOf(place, served, { onProgress: (progress) => seen.push(progress) });
    const graph = path.join(place.cache, 'models/net/graph.pb');
    const labels = path.join(place.cache, 'models/net/labels.txt');
    expect(model).toEqual({ name: 'net', graph, labels, bytes: GRAPH.length + LABELS.length });
    expectRight(place, model);
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['download', 'verify', 'unpack']);
    for (const phase of ['download', 'verify', 'unpack']) {
      const last = seen.filter((entry) => entry.phase === phase).at(-1);
      expect(last?.done).toBe(last?.total);
    }
  });

  test('is there at once the second time, and comes again by force', async () => {
    const served = await serve(gives(ARCHIVE));
    const first = await fetchOf(place, served);
    expect(await fetchOf(place, served)).toEqual(first);
    expect(served.seen).toHaveLength(1);
    expectRight(place, await fetchOf(place, served, { force: true }));
    expect(served.seen).toHaveLength(2);
  });

  test.each(['models/net/graph.pb', 'models/net/labels.txt'])('a damaged %s is fetched again', async (name) => {
    const served = await serve(gives(ARCHIVE));
    await fetchOf(place, served);
    writeFileSync(path.join(place.cache, name), 'damaged');
    expectRight(place, await fetchOf(place, served));
  });

  test('what a killed fetch left is cleaned away', async () => {
    const left = path.join(place.cache, 'models/.fetching-0b1c/model');
    mkdirSync(left, { recursive: true });
    writeFileSync(path.join(left, 'graph.pb'), 'half');
    expectRight(place, await fetchOf(place, await serve(gives(ARCHIVE))));
  });

  test('two fetches at once download it once', async () => {
    const served = await serve(gives(ARCHIVE, { slowly: HALF / 4 }));
    const seen: FetchProgress[][] = [[], []];
    const both = await Promise.all(
      seen.map((list) => fetchOf(place, served, { onProgress: (each) => list.push(each) })),
    );
    expect(both[0]).toEqual(both[1]);
    expect(served.seen).toHaveLength(1);
    const phases = seen.map((list) => [...new Set(list.map(({ phase }) => phase))].join());
    expect(phases.sort()).toEqual(['download,verify,unpack', 'wait']);
  });
});

describe('redirects', () => {
  test('are followed, to another server too', async () => {
    const other = await serve(gives(ARCHIVE));
    const served = await serve(
      inTurn(answers(302, { location: '/elsewhere' }), answers(307, { location: `${other.origin}/net.zip` })),
    );
    expectRight(place, await fetchOf(place, served));
    expect([...served.seen, ...other.seen].map(({ url }) => url)).toEqual([
      '/models/net.zip',
      '/elsewhere',
      '/net.zip',
    ]);
  });

  test.each([
    ['in a circle', '/models/net.zip', /redirects more than 10 times/],
    ['to no address', 'file:///etc/passwd', /redirects to 'file:/],
  ])('%s end', async (_what, location, message) => {
    const error = await fails(fetchOf(place, await serve(answers(302, { location }))));
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_FETCH_UNREACHABLE', message: expect.stringMatching(message) });
    expect(cached(place)).toEqual([]);
  });
});

describe('a server that refuses', () => {
  test.each([404, 403, 401])('with %i is not asked again', async (status) => {
    const served = await serve(answers(status));
    const error = await fails(fetchOf(place, served));
    expect(error.code).toBe('ERR_LIVEDREAM_FETCH_REFUSED');
    expect(error.message).toContain(
      `'${served.origin}/models/net.zip' cannot be fetched: the server answers ${status}`,
    );
    expect(error.message).toMatch(/--mirror URL.*--from FILE/);
    expect(served.seen).toHaveLength(1);
    expect(cached(place)).toEqual([]);
  });

  test('for a while is asked again', async () => {
    const served = await serve(inTurn(answers(500), answers(429), gives(ARCHIVE)));
    expectRight(place, await fetchOf(place, served));
    expect(served.seen).toHaveLength(3);
  });

  test('for good is given up', async () => {
    const served = await serve(answers(503));
    const error = await fails(fetchOf(place, served));
    expect(error.code).toBe('ERR_LIVEDREAM_FETCH_UNREACHABLE');
    expect(error.message).toMatch(/the server answers 503 Service Unavailable\. .*--mirror URL.*--from FILE/);
    expect(served.seen).toHaveLength(LIMITS.retries + 1);
    expect(cached(place)).toEqual([]);
  });
});

describe('a server that is not to be reached', () => {
  test('is told, with what to do', async () => {
    const served = await serve(answers(200));
    served.server.close();
    const error = await fails(fetchOf(place, served));
    expect(error.code).toBe('ERR_LIVEDREAM_FETCH_UNREACHABLE');
    expect(error.message).toMatch(/the connection was refused \(ECONNREFUSED\)\..*HTTPS_PROXY.*--mirror.*--from/);
    expect(cached(place)).toEqual([]);
  });

  test('for want of such a host is not asked again', async () => {
    const start = performance.now();
    const error = await fails(fetchOf(place, { ...(await serve(answers(200))), origin: 'http://livedream.invalid' }));
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_FETCH_UNREACHABLE' });
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('a download that breaks off', () => {
  test('goes on where it was, and no byte comes twice', async () => {
    const served = await serve(gives(ARCHIVE, { cuts: [HALF] }));
    expectRight(place, await fetchOf(place, served));
    expect(served.seen).toHaveLength(2);
    expect(served.seen[0]?.headers.range).toBeUndefined();
    expect(served.seen[1]?.headers).toMatchObject({ range: `bytes=${HALF}-`, 'if-range': '"one"' });
    expect(served.sent).toBe(ARCHIVE.length);
  });

  test('before its first byte goes on too', async () => {
    const reset: Handler = (request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': ARCHIVE.length }).flushHeaders();
      setImmediate(() => request.socket.resetAndDestroy());
    };
    const served = await serve(inTurn(reset, gives(ARCHIVE)));
    expectRight(place, await fetchOf(place, served));
    expect(served.seen).toHaveLength(2);
  });

  test('begins anew where the server knows no parts', async () => {
    const served = await serve(gives(ARCHIVE, { cuts: [HALF], ranges: false }));
    expectRight(place, await fetchOf(place, served));
    expect(served.sent).toBe(HALF + ARCHIVE.length);
  });

  test('without end is given up, keeps what came, and the next run goes on', async () => {
    const served = await serve(gives(ARCHIVE, { cuts: [HALF, 0, 0] }));
    const error = await fails(fetchOf(place, served));
    expect(error.code).toBe('ERR_LIVEDREAM_FETCH_UNREACHABLE');
    expect(error.message).toMatch(/cut off|ended/);
    expect(cached(place)).toEqual([PART, `${PART}.json`]);
    expectRight(place, await fetchOf(place, served));
    expect(served.seen.at(-1)?.headers.range).toBe(`bytes=${HALF}-`);
    expect(served.sent).toBe(ARCHIVE.length);
  });

  test('with an end that looks whole (no length was given) goes on too', async () => {
    const short: Handler = (_request, response) =>
      response.writeHead(200, { etag: '"one"' }).end(ARCHIVE.subarray(0, HALF));
    const served = await serve(inTurn(short, gives(ARCHIVE)));
    expectRight(place, await fetchOf(place, served));
    expect(served.seen[1]?.headers.range).toBe(`bytes=${HALF}-`);
  });

  test('by silence is noticed', async () => {
    const served = await serve(gives(ARCHIVE, { stallAfter: HALF }));
    const start = performance.now();
    const catalogue = writeCatalogue(path.join(place.folder, 'models'), description(served.origin));
    const error = await fails(fetchModelFrom({ catalogue, limits: { ...LIMITS, retries: 0 } }, 'net'));
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_FETCH_UNREACHABLE' });
    expect(error.message).toContain('nothing came for too long');
    expect(performance.now() - start).toBeLessThan(5000);
    expect(readFileSync(path.join(place.cache, PART)).equals(ARCHIVE.subarray(0, HALF))).toBe(true);
  });

  test('by silence before it began is noticed', async () => {
    const served = await serve(() => undefined);
    const error = await fails(fetchOf(place, served));
    expect(error.message).toContain('nothing came for too long (ETIMEDOUT)');
    expect(cached(place)).toEqual([]);
  });
});

describe('a download that was stopped', () => {
  test('by its signal keeps what came, and the next run goes on', async () => {
    const served = await serve(gives(ARCHIVE, { slowly: Math.ceil(ARCHIVE.length / 20) }));
    const controller = new AbortController();
    const stop = vi.fn(() => controller.abort(new Error('enough')));
    setTimeout(stop, 450);
    const error = await fails(fetchOf(place, served, { signal: controller.signal }));
    expect(error).toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED', cause: new Error('enough') });
    expect(cached(place)).toEqual([PART, `${PART}.json`]);
    const kept = readFileSync(path.join(place.cache, PART)).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(ARCHIVE.length);
    const again = await serve(gives(ARCHIVE));
    expectRight(place, await fetchOf(place, again));
    expect(again.seen[0]?.headers.range).toBe(`bytes=${kept}-`);
    expect(again.sent).toBe(ARCHIVE.length - kept);
  });

  test('before it began does nothing', async () => {
    const served = await serve(gives(ARCHIVE));
    const error = await fails(fetchOf(place, served, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    expect(served.seen).toEqual([]);
    expect(existsSync(place.cache)).toBe(false);
  });

  test.each([
    'download',
    'verify',
    'unpack',
  ])('by its onProgress while it tells to %s rejects with its error', async (phase) => {
    const failure = new Error('from onProgress');
    const onProgress = (progress: FetchProgress): void => {
      if (progress.phase === phase) throw failure;
    };
    expect(await fails(fetchOf(place, await serve(gives(ARCHIVE)), { onProgress }))).toBe(failure);
    expect(cached(place).filter((name) => name.startsWith('models'))).toEqual([]);
  });
});
