import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file, in hex. */
export async function sha256OfFile(
  file: string,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      hash.update(chunk);
      onBytes?.(chunk.length);
      done();
    },
  });
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), sink, signal ? { signal } : {});
  return hash.digest('hex');
}
