// What an earlier run left, and what is not the pinned file.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { usePlace } from '../../runtime/support/place.js';
import { ARCHIVE, LABELS, sha256, withoutProxies } from '../support/fetchable.js';
import { cached, expectRight, fails, fetchOf, PART } from '../support/fetching.js';
import { answers, gives, type Handler, inTurn, type Served, serve } from '../support/server.js';

const place = usePlace();
withoutProxies();

const HALF = Math.floor(ARCHIVE.length / 2);

/** Puts the beginning of the archive, or other bytes, where an earlier run would have left it. */
function leavePart(bytes: Uint8Array, origin?: object): void {
  const file = path.join(place.cache, PART);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  if (origin) writeFileSync(`${file}.json`, JSON.stringify(origin));
}

describe('what an earlier run left', () => {
  test('from another address is gone on from, and the hash decides', async () => {
    leavePart(ARCHIVE.subarray(0, HALF), { url: 'http://elsewhere/', validator: '"other"' });
    const served = await serve(gives(ARCHIVE));
    expectRight(place, await fetchOf(place, served));
    expect(served.seen[0]?.headers['if-range']).toBeUndefined();
    expect(served.sent).toBe(ARCHIVE.length - HALF);
  });

  test('of a version that the server has no longer is fetched anew', async () => {
    const served = await serve(gives(ARCHIVE, { etag: '"two"' }));
    leavePart(ARCHIVE.subarray(0, HALF), { url: `${served.origin}/models/net.zip`, validator: '"one"' });
    expectRight(place, await fetchOf(place, served));
    expect(served.seen.map(({ headers }) => headers['if-range'])).toEqual(['"one"']);
    expect(served.sent).toBe(ARCHIVE.length);
  });

  test('and is wrong is fetched anew once', async () => {
    leavePart(Buffer.alloc(HALF, 7));
    const served = await serve(gives(ARCHIVE));
    expectRight(place, await fetchOf(place, served));
    expect(served.seen.map(({ headers }) => headers.range)).toEqual([`bytes=${HALF}-`, undefined]);
  });

  test('and is whole needs no server', async () => {
    leavePart(ARCHIVE);
    const served = await serve(answers(500));
    expectRight(place, await fetchOf(place, served));
    expect(served.seen).toEqual([]);
  });

  test('and is too long, or refused as a part, is fetched anew', async () => {
    leavePart(Buffer.concat([ARCHIVE, Buffer.alloc(5)]));
    expectRight(place, await fetchOf(place, await serve(gives(ARCHIVE))));
    leavePart(ARCHIVE.subarray(0, HALF));
    const served = await serve(inTurn(answers(416), gives(ARCHIVE)));
    expectRight(place, await fetchOf(place, served, { force: true }));
    expect(served.seen.map(({ headers }) => headers.range)).toEqual([`bytes=${HALF}-`, undefined]);
  });
});

describe('another file than the pinned one', () => {
  const other = Buffer.from(ARCHIVE);
  other[100] = (other[100] ?? 0) ^ 1;

  async function refused(served: Served, fetch: object = {}): Promise<string> {
    const error = await fails(fetchOf(place, served, {}, fetch));
    expect(error.code).toBe('ERR_LIVEDREAM_CHECKSUM');
    expect(cached(place)).toEqual([]);
    return error.message;
  }

  test('of the same size is refused by its hash', async () => {
    const served = await serve(gives(other));
    const message = await refused(served);
    expect(message).toContain(`SHA-256 ${sha256(other)}, not ${sha256(ARCHIVE)}`);
    expect(message).toMatch(/--mirror URL.*--from FILE/);
    expect(served.seen).toHaveLength(1);
  });

  test('that was half there is fetched anew once, and then refused', async () => {
    leavePart(other.subarray(0, HALF));
    const served = await serve(gives(other));
    await refused(served);
    expect(served.seen).toHaveLength(2);
  });

  test('of another size is not even downloaded', async () => {
    const served = await serve(gives(Buffer.from('<html>Please log in</html>')));
    expect(await refused(served)).toMatch(/is another file: it has 26 bytes, not \d+/);
  });

  test('without an end is cut off', async () => {
    const endless: Handler = (_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(100_000), () => setImmediate(more));
      };
      more();
    };
    expect(await refused(await serve(endless))).toMatch(/more than \d+ bytes/);
  });

  test('in the archive is refused, and named', async () => {
    const served = await serve(gives(ARCHIVE));
    const error = await fails(fetchOf(place, served, {}, { labelsSha256: '0'.repeat(64) }));
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_CHECKSUM' });
    expect(error.message).toContain(
      `'net/labels.txt' in '${path.join(place.cache, PART)}' has SHA-256 ${sha256(LABELS)}`,
    );
    expect(existsSync(path.join(place.cache, 'models/net'))).toBe(false);
    const absent = await fails(fetchOf(place, served, {}, { graph: 'graph.pb' }));
    expect(absent).toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNREADABLE' });
    expect(absent.message).toContain("cannot be unpacked: it has no 'graph.pb'");
  });

  test('by a failed fetch by force leaves what is there', async () => {
    const model = await fetchOf(place, await serve(gives(ARCHIVE)));
    await fails(fetchOf(place, await serve(gives(other)), { force: true }));
    expectRight(place, model);
  });
});
