import type { StreamCheckpoint } from '../stream/checkpoint.js';

/** The length of the text at the beginning, in bytes. */
const HEAD_BYTES = 4;

function bytesIn({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A checkpoint after so many frames as bytes: a line of JSON, whose numbers are exact, and the arrays behind it. */
export function packState(state: StreamCheckpoint, finished: number): Buffer {
  const { source, change, ...rest } = state;
  const floats = source instanceof Float32Array;
  const text = Buffer.from(JSON.stringify({ ...rest, finished, floats, source: source.byteLength }));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(text.length);
  return Buffer.concat([head, text, bytesIn(source), bytesIn(change)]);
}

/** The same back; undefined where it is none. */
export function unpackState(bytes: Buffer): { readonly state: StreamCheckpoint; readonly frames: number } | undefined {
  try {
    const end = HEAD_BYTES + bytes.readUInt32LE(0);
    const {
      finished,
      floats,
      source: length,
      ...rest
    } = JSON.parse(bytes.toString('utf8', HEAD_BYTES, end)) as Omit<StreamCheckpoint, 'source' | 'change'> & {
      finished: number;
      floats: boolean;
      source: number;
    };
    // Copied, as floats need an even address.
    const source = new Uint8Array(bytes.subarray(end, end + length));
    const change = new Float32Array(new Uint8Array(bytes.subarray(end + length)).buffer);
    if (source.length !== length || change.length !== rest.width * rest.height * 3) return undefined;
    return { frames: finished, state: { ...rest, change, source: floats ? new Float32Array(source.buffer) : source } };
  } catch {
    return undefined;
  }
}
