import type { Readable } from 'node:stream';
import { types } from 'node:util';
import { LiveDreamError } from '../errors.js';
import type { PictureBlob, PictureStream, PictureWebStream } from '../picture-input.js';
import { reason, unreadable } from './unreadable.js';

export interface ReadOptions {
  /** A stream that gives more bytes is refused: it may be endless. */
  readonly mostBytes: number;
  /** Stops the reading. */
  readonly signal: AbortSignal | undefined;
}

interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
  cancel(reason?: unknown): Promise<void>;
}

function isNodeStream(input: unknown): input is Readable {
  const stream = input as Partial<Readable> | null;
  return (
    typeof stream === 'object' &&
    typeof stream?.pipe === 'function' &&
    typeof stream[Symbol.asyncIterator] === 'function'
  );
}

function isWebStream(input: unknown): input is PictureWebStream {
  return typeof input === 'object' && typeof (input as Partial<PictureWebStream> | null)?.getReader === 'function';
}

function isBlob(input: unknown): input is PictureBlob {
  const blob = input as Partial<PictureBlob> | null;
  return typeof blob === 'object' && typeof blob?.size === 'number' && typeof blob.stream === 'function';
}

export function isStream(input: unknown): input is PictureStream {
  return isNodeStream(input) || isWebStream(input) || isBlob(input);
}

/** Not its own iterator: a stream of another realm may have none, and an abort has to reach a read that waits. */
async function* webChunks(stream: PictureWebStream, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
  const reader = stream.getReader() as Reader;
  const stop = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

async function* nodeChunks(stream: Readable, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
  const stop = (): void => void stream.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    // Which destroys the stream when it is left early.
    yield* stream;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function chunksOf(stream: unknown, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
  if (isNodeStream(stream)) return nodeChunks(stream, signal);
  if (isWebStream(stream)) return webChunks(stream, signal);
  throw new TypeError('its stream() gives no stream');
}

function bytesOf(chunk: unknown): Uint8Array | undefined {
  if (types.isAnyArrayBuffer(chunk)) return new Uint8Array(chunk);
  return ArrayBuffer.isView(chunk) ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength) : undefined;
}

/** An encoded picture that is not in memory yet. */
export class StreamedPicture {
  readonly what: string;
  readonly #stream: PictureStream;
  #failure: unknown;

  constructor(stream: PictureStream) {
    this.#stream = stream;
    this.what = `The picture in the ${isBlob(stream) ? 'Blob' : 'stream'}`;
    // From the call on: a stream that fails before it is read would end the process, as nobody listens.
    if (isNodeStream(stream)) {
      stream.on('error', (error: unknown) => {
        this.#failure ??= error;
      });
    }
  }

  /** All of its bytes. Rejects with ERR_LIVEDREAM_IMAGE_UNREADABLE or _TOO_LARGE, and then reads no more. */
  async read({ mostBytes, signal }: ReadOptions): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    try {
      if (isBlob(this.#stream)) this.#checkBytes(this.#stream.size, mostBytes);
      if (this.#failure !== undefined) throw this.#failure;
      signal?.throwIfAborted();
      const stream = isBlob(this.#stream) ? this.#stream.stream() : this.#stream;
      let bytes = 0;
      for await (const chunk of chunksOf(stream, signal)) {
        const read = bytesOf(chunk);
        if (!read) throw unreadable(this.what, `it gives a chunk of type ${typeof chunk}, where bytes are expected`);
        bytes += read.byteLength;
        this.#checkBytes(bytes, mostBytes);
        chunks.push(read);
      }
      // A stream that was stopped may end as if it were done.
      signal?.throwIfAborted();
    } catch (error) {
      throw error instanceof LiveDreamError ? error : unreadable(this.what, reason(error), error);
    }
    return Buffer.concat(chunks);
  }

  #checkBytes(bytes: number, most: number): void {
    if (bytes <= most) return;
    throw new LiveDreamError(
      'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
      `${this.what} has ${bytes} bytes or more, and at most ${most} are read of one.`,
    );
  }
}
