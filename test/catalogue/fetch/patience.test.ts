// How long a download goes on trying, on a file that is large enough to tell.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Download, download } from '../../../lib/catalogue/fetch/download.js';
import { usePlace } from '../../runtime/support/place.js';
import { sha256, withoutProxies } from '../support/fetchable.js';
import { fails, LIMITS } from '../support/fetching.js';
import { gives, type Served, serve } from '../support/server.js';

const place = usePlace();
withoutProxies();

const MIB = 2 ** 20;
const FILE = randomBytes(8 * MIB);

function downloadOf({ origin }: Served): Download {
  mkdirSync(place.cache, { recursive: true });
  return {
    file: path.join(place.cache, 'file.part'),
    bytes: FILE.length,
    sha256: sha256(FILE),
    url: new URL(`${origin}/file.zip`),
    limits: LIMITS,
    report: () => undefined,
    signal: new AbortController().signal,
  };
}

test('a server that gives a part each time is asked as long as it takes', async () => {
  const served = await serve(gives(FILE, { cuts: Array.from({ length: 5 }, () => 1.5 * MIB) }));
  const asked = downloadOf(served);
  await download(asked);
  expect(served.seen.length).toBeGreaterThan(LIMITS.retries + 1);
  expect(readFileSync(asked.file).equals(FILE)).toBe(true);
  expect(served.sent).toBe(FILE.length);
});

test('a server that gives the same part each time is given up', async () => {
  const served = await serve(
    gives(FILE, { ranges: false, cuts: Array.from({ length: 50 }, (_, at) => (3 - (at % 2)) * MIB) }),
  );
  const error = await fails(download(downloadOf(served)));
  expect(error.code).toBe('ERR_LIVEDREAM_FETCH_UNREACHABLE');
  expect(served.seen.length).toBeLessThanOrEqual(LIMITS.retries + 2);
});
