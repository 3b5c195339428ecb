import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import retry from 'retry';
import { LiveDreamError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import { isFull } from '../../files/space.js';
import type { Report } from '../../files/transfer.js';
import { endedEarly, mayPass, otherFile, shownUrl, statusFailed, unreachable } from './failures.js';
import type { Answer } from './http.js';
import type { Limits } from './limits.js';
import { bytesThere, keepValidator, type Partial, readValidator, removePartial } from './partial.js';

/** So much must have come for the tries to be counted anew. */
const PROGRESS = 2 ** 20;

/** A file that is known by its size and SHA-256 and comes from an address. */
export interface Download extends Partial {
  readonly url: URL;
  readonly sha256: string;
  readonly limits: Limits;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** The total of `bytes 100-199/200`, where the part begins at `start`; undefined where it does not. */
function rangeTotal(range: string | undefined, start: number): number | undefined {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range ?? '') ?? [];
  if (Number(from) !== start) return undefined;
  return total === '*' ? Number.NaN : Number(total);
}

/** Where the answer's bytes belong in the file. Throws where they are of no file of this size. */
async function startOf(answer: Answer, have: number, download: Download): Promise<number> {
  const { url, status, headers, proxy } = answer;
  const { bytes } = download;
  if (status !== 200 && status !== 206 && status !== 416) throw statusFailed(url, status, proxy);
  const total =
    status === 206 ? rangeTotal(headers['content-range'], have) : Number(headers['content-length'] ?? bytes);
  if (status === 416 || total === undefined) {
    // The server does not know such a part: from the beginning, then.
    await removePartial(download);
    throw unreachable(url, 'the server does not give the rest of it');
  }
  if (!Number.isNaN(total) && total !== bytes) {
    await removePartial(download);
    throw otherFile(url, `${total} bytes`, `${bytes}`);
  }
  return status === 206 ? have : 0;
}

async function write({ body, url, failed }: Answer, start: number, download: Download): Promise<number> {
  const { file, bytes, report, signal } = download;
  let have = start;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      have += chunk.length;
      if (have > bytes) done(otherFile(url, `more than ${bytes} bytes`, `${bytes}`));
      else {
        report('download', have, bytes);
        done(null, chunk);
      }
    },
  });
  report('download', start, bytes);
  try {
    await pipeline(body, counter, createWriteStream(file, { flags: start === 0 ? 'w' : 'a' }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    const cut = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
    // The connection may have failed before anything was read, while the answer's head was looked at.
    throw cut || error === body.errored ? failed(error) : error;
  }
  return have;
}

/** One request for what is still missing. */
async function fetchRest(download: Download, have: number): Promise<void> {
  const { url: start, limits, signal, bytes } = download;
  const shown = shownUrl(start);
  const validator = have === 0 ? undefined : await readValidator(download, shown);
  const headers = {
    ...(have === 0 ? {} : { range: `bytes=${have}-` }),
    ...(validator === undefined ? {} : { 'if-range': validator }),
  };
  // Only now: whoever fetches nothing need not load an HTTP client.
  const { get } = await import('./http.js');
  await get(start, { headers, stall: limits.stall, signal }, async (answer) => {
    const from = await startOf(answer, have, download);
    await keepValidator(download, shown, answer.headers);
    const came = await write(answer, from, download);
    if (came < bytes) throw endedEarly(answer.url, came, bytes);
  });
}

/** Tries until all bytes are there; answers whether they came in several parts. */
async function fetchAll(download: Download): Promise<boolean> {
  const { bytes, limits, signal } = download;
  const { retries, firstDelay, longestDelay } = limits;
  const delays = retry.timeouts({ retries, minTimeout: firstDelay, maxTimeout: longestDelay, randomize: true });
  let have = await bytesThere(download);
  let most = have;
  let parts = have === 0 ? 0 : 1;
  for (let tries = 0; have < bytes; parts += 1) {
    try {
      await fetchRest(download, have);
    } catch (error) {
      if (!mayPass(error)) throw error;
      const now = await bytesThere(download);
      // A server that gives a part each time is tried as long as it takes, but never for the same part.
      if (now >= most + PROGRESS) tries = 0;
      most = Math.max(most, now);
      const delay = delays[tries];
      if (delay === undefined) throw error;
      tries += 1;
      await sleep(delay, undefined, { signal });
    }
    have = await bytesThere(download);
  }
  return parts > 1;
}

/** Throws ERR_LIVEDREAM_CHECKSUM where the bytes that came are not the file's. */
async function verify({ file, url, bytes, sha256, report, signal }: Download): Promise<void> {
  let done = 0;
  const count = (more: number): void => {
    done += more;
    report('verify', done, bytes);
  };
  const found = await sha256OfFile(file, signal, count);
  if (found !== sha256) throw otherFile(url, `SHA-256 ${found}`, sha256);
}

function isWrong(error: unknown): boolean {
  return error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_CHECKSUM';
}

/** Whether it came in several parts, which may be of different versions, and is wrong therefore. */
async function tryOnce(download: Download): Promise<boolean> {
  try {
    const pieced = await fetchAll(download);
    const wrong = await verify(download).catch((error: unknown) => ({ error }));
    if (wrong === undefined) return false;
    if (!isWrong(wrong.error) || !pieced) throw wrong.error;
    await removePartial(download);
    return true;
  } catch (error) {
    // What is wrong is of no use, and a full disk is no place to keep anything.
    if (isWrong(error) || isFull(error)) await removePartial(download);
    throw error;
  }
}

/**
 * Downloads a file to `file`, going on from what has come before, and checks its SHA-256.
 * @throws LiveDreamError ERR_LIVEDREAM_FETCH_UNREACHABLE, with what has come kept; _FETCH_REFUSED, or _CHECKSUM with nothing kept
 */
export async function download(asked: Download): Promise<void> {
  if (!(await tryOnce(asked))) return;
  if (!(await tryOnce(asked))) return;
  throw otherFile(asked.url, 'another SHA-256', asked.sha256);
}
