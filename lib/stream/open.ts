import type { Calls } from '../calls.js';
import { emitted } from '../emitted.js';
import type { Engines, Station } from '../engines.js';
import { optionTypeError } from '../errors.js';
import { readSignal } from '../options/control.js';
import { refuseTermMasks } from '../options/mask-terms.js';
import { readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import {
  type ChangedOptions,
  changed,
  type FrameOptions,
  LIVE_PRESET,
  type ResolvedStreamOptions,
  STREAM_OPTIONS,
  type StreamValues,
  splitStreamValues,
} from '../options/stream-options.js';
import { requestOf } from '../request.js';
import type { ResidentModel } from '../resident-model.js';
import { checkSize, type Size } from '../size.js';
import { checkCheckpoint, type StreamCheckpoint, type StreamPlace } from './checkpoint.js';
import { DreamStream } from './dream-stream.js';
import type { StreamedFrame, StreamFrames } from './frame.js';
import { plansFor } from './governed.js';
import { StreamRun } from './stream.js';

/** What each frame is dreamed with, how frames hang together, and where the stream begins and ends. */
export type StreamOptions = StreamValues & {
  /** Ends the stream, within a step: the loop then throws an AbortError of code ERR_LIVEDREAM_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What `frame.checkpoint()` of an earlier stream gave: this one goes on from that frame. Or `{ frames }` alone, how many an
   * earlier one dreamed that came to a cut there: this one begins anew, as that did.
   */
  readonly from?: StreamCheckpoint | StreamPlace | undefined;
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

/** What the stream's own options and the preset say, and what each frame is dreamed with. */
function readStream(given: StreamValues): { readonly options: ResolvedStreamOptions; readonly frame: FrameOptions } {
  const { stream, frame } = splitStreamValues(given);
  const read = readOptions(STREAM_OPTIONS, stream);
  const live = read.preset === 'live';
  const { octaves, iterations, strength } = LIVE_PRESET;
  const shown = live ? changed({ octaves, iterations }, frame) : frame;
  refuseTermMasks(readDreamOptions(shown).objective, 'a stream, whose pictures move');
  return { options: live ? { ...read, strength: stream.strength ?? strength } : read, frame: shown };
}

/** Begins a stream: options are checked now, all else is told in the loop. */
export function openStream<T>({ calls, model, frames, given }: StreamRequest<T>): DreamStream<T> {
  checkFrames(frames);
  const { from, signal, ...values } = given;
  const { options, frame: first } = readStream(values as StreamValues);
  if (from !== undefined) checkCheckpoint(from);
  const { coherence, blend, strength, sceneCut } = options;
  const current: { options: ChangedOptions } = { options: { ...first, coherence, blend, strength, sceneCut } };
  let begun = false;
  return new DreamStream<T>(
    emitted<StreamedFrame<T>>(readSignal(signal), (emit, ended) =>
      calls.onDevice({ ...first, signal: ended }, async (call) => {
        // What was taken from the source cannot be taken again for another device.
        const [fault] = call.faults;
        if (begun && fault !== undefined) throw fault.error;
        begun = true;
        await new StreamRun({ call, model, frames, options, current, from, emit }).run();
      }),
    ),
    current,
  );
}

/** Builds and compiles all that streams of frames of these sizes may need, on every device. */
export async function warmUpStream(
  { calls, engines, model }: Pick<StreamRequest<unknown>, 'calls' | 'model'> & { readonly engines: Engines },
  sizes: readonly Size[],
  { signal, from: _from, ...values }: StreamOptions,
): Promise<void> {
  for (const size of sizes) checkSize(size);
  const { options, frame } = readStream(values as StreamValues);
  await calls.admit({ ...frame, signal: readSignal(signal) }, async (admitted) => {
    const warm = async (station: Station): Promise<void> => {
      const request = await requestOf(model, frame, { ...admitted, station, faults: [] });
      for (const size of sizes)
        for (const plan of plansFor(request, size, options.targetFps))
          await admitted.ticket.native((cancellation) => station.engine.warmUpStream(plan, cancellation));
    };
    await Promise.all(engines.stations.map(warm));
  });
}
