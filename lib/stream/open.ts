import type { Calls } from '../calls.js';
import { emitted } from '../emitted.js';
import { optionTypeError } from '../errors.js';
import { readSignal } from '../options/control.js';
import { readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import { LIVE_PRESET, STREAM_OPTIONS, type StreamValues, splitStreamValues } from '../options/stream-options.js';
import type { ResidentModel } from '../resident-model.js';
import { checkCheckpoint, type StreamCheckpoint } from './checkpoint.js';
import { DreamStream } from './dream-stream.js';
import type { StreamedFrame, StreamFrames } from './frame.js';
import { StreamRun } from './stream.js';

/** What each frame is dreamed with, how frames hang together, and where the stream begins and ends. */
export type StreamOptions = StreamValues & {
  /** Ends the stream, within a step: the loop then throws an AbortError of code ERR_LIVEDREAM_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** What `frame.checkpoint()` of an earlier stream gave: this one goes on from that frame. */
  readonly from?: StreamCheckpoint | undefined;
};

export interface StreamRequest<T> {
  readonly calls: Calls;
  readonly model: ResidentModel;
  readonly frames: StreamFrames<T>;
  readonly given: StreamOptions;
}

function checkFrames(frames: unknown): void {
  const { [Symbol.iterator]: each, [Symbol.asyncIterator]: coming } = Object(frames) as Record<symbol, unknown>;
  if (typeof frames !== 'string' && !ArrayBuffer.isView(frames) && [each, coming].some((f) => typeof f === 'function'))
    return;
  throw optionTypeError('frames', 'an async iterable, an array or another iterable of pictures', frames);
}

/** Begins a stream: options are checked now, all else is told in the loop. */
export function openStream<T>({ calls, model, frames, given }: StreamRequest<T>): DreamStream<T> {
  checkFrames(frames);
  const { from, signal, ...values } = given;
  const { stream, frame: first } = splitStreamValues(values as StreamValues);
  readDreamOptions(first);
  const read = readOptions(STREAM_OPTIONS, stream);
  const options = read.preset === 'live' ? { ...read, strength: stream.strength ?? LIVE_PRESET.strength } : read;
  if (from !== undefined) checkCheckpoint(from);
  const current = { options: first };
  let begun = false;
  return new DreamStream<T>(
    emitted<StreamedFrame<T>>(readSignal(signal), (emit, ended) =>
      calls.onDevice({ ...first, signal: ended }, async (call) => {
        // What was taken from the source cannot be taken again for another device.
        const [fault] = call.faults;
        if (begun && fault !== undefined) throw fault.error;
        begun = true;
        await new StreamRun({ call, model, frames, options, current: () => current.options, from, emit }).run();
      }),
    ),
    current,
  );
}
