import { webcrypto } from 'node:crypto';
import { sha256OfFile } from '../files/hash.js';
import type { Size } from '../size.js';
import type { Start } from './start.js';
import { reason, unreadable } from './unreadable.js';

/** What tells the picture that was dreamed of from all others, and nothing of where it lay or what it was called. */
export interface SourceFacts extends Size {
  /** Of the file as it was given; or, of raw pixels and sharp instances, of the picture as it was dreamed: RGB, then alpha. */
  readonly of: 'bytes' | 'pixels';
  readonly sha256: string;
  /** What it was made of, where it was no picture. */
  readonly start?: Start;
}

/** Not on the main thread, as a large picture takes a while. */
async function sha256Of(data: Uint8Array | Float32Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', data)).toString('hex');
}

/** Of an encoded picture. Rejects with ERR_LIVEDREAM_IMAGE_UNREADABLE for a file that has gone. */
export async function factsOfBytes(
  encoded: string | Buffer,
  { width, height }: Size,
  signal: AbortSignal | undefined,
): Promise<SourceFacts> {
  if (typeof encoded !== 'string') return { of: 'bytes', sha256: await sha256Of(encoded), width, height };
  const sha256 = await sha256OfFile(encoded, signal).catch((error: unknown) => {
    throw unreadable(`The picture '${encoded}'`, reason(error), error);
  });
  return { of: 'bytes', sha256, width, height };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Of what was no file. */
export async function factsOfPixels({
  data,
  alpha,
  width,
  height,
}: Size & { readonly data: Uint8Array | Float32Array; readonly alpha?: Uint8Array }): Promise<SourceFacts> {
  const all = alpha ? Buffer.concat([bytesOf(data), alpha]) : data;
  return { of: 'pixels', sha256: await sha256Of(all), width, height };
}
