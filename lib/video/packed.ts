import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Fast: what waits for it is the next frame, and frames are packed only to take less disk. */
const LEVEL = 1;

/** Each byte less the one `stride` before it: small numbers, which pack well. */
function differences(bytes: Uint8Array, stride: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  result.set(bytes.subarray(0, stride));
  // In a byte, what goes below 0 begins again at 255.
  for (let place = stride; place < bytes.length; place += 1)
    result[place] = (bytes[place] as number) - (bytes[place - stride] as number);
  return result;
}

function undoDifferences(bytes: Uint8Array, stride: number): void {
  for (let place = stride; place < bytes.length; place += 1)
    bytes[place] = (bytes[place] as number) + (bytes[place - stride] as number);
}

/** Pixels of `stride` bytes, without loss in less room. */
export async function pack(bytes: Uint8Array, stride: number): Promise<Buffer> {
  return deflate(differences(bytes, stride), { level: LEVEL });
}

/** Rejects where they are damaged. */
export async function unpack(packed: Uint8Array, stride: number, length: number): Promise<Buffer> {
  const bytes = await inflate(packed, { maxOutputLength: length });
  if (bytes.length !== length) throw new Error(`${bytes.length} of ${length} bytes are there`);
  undoDifferences(bytes, stride);
  return bytes;
}
