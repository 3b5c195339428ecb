import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes bytes, and waits where the other side is behind; resolves too where it has gone, which its end will tell. */
export async function writeAll(stream: Writable, ...pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (stream.destroyed) return;
    if (stream.write(piece) || stream.destroyed) continue;
    const done = new AbortController();
    const options = { signal: done.signal };
    await Promise.race([once(stream, 'drain', options), once(stream, 'close', options)]).catch(() => undefined);
    done.abort();
  }
}
