import { Duplex } from 'node:stream';
import { ReadableStream, TransformStream } from 'node:stream/web';
import type { DreamStream } from './dream-stream.js';
import type { StreamedFrame, StreamFrames, StreamInput } from './frame.js';

type Begin = <T>(frames: StreamFrames<T>) => DreamStream<T>;

/** A Node stream of objects: frames are written, dreamed frames are read. Both sides wait for each other. */
export function nodeTransform(begin: Begin): Duplex {
  return Duplex.from(async function* dream(frames: AsyncIterable<StreamInput>) {
    yield* begin(frames);
  });
}

/** A pair of web streams, for `pipeThrough`. */
export interface WebTransform<T> {
  readonly writable: WritableStream<StreamInput<T>>;
  readonly readable: ReadableStream<StreamedFrame<T>>;
}

export function webTransform<T>(begin: Begin): WebTransform<T> {
  const { readable, writable } = new TransformStream<StreamInput<T>, StreamInput<T>>();
  return { writable: writable as WritableStream<StreamInput<T>>, readable: ReadableStream.from(begin(readable)) };
}
