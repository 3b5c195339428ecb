import { LiveDreamError } from '../errors.js';
import { ahead } from './ahead.js';
import type { FrameDreamer } from './dream-frames.js';
import type { Frame } from './frame.js';
import type { FrameSink, FrameSource } from './frame-source.js';
import type { FrameStore } from './store.js';

/** While one frame is dreamed this many are read, so that nobody waits for the disk. */
const READ_AHEAD = 2;

export interface FrameRun {
  readonly source: FrameSource;
  readonly sink: FrameSink;
  readonly store: FrameStore;
  readonly dreamer: FrameDreamer;
  /** Called when frames are finished: how many there are by now, and how many of these were dreamed just now. */
  readonly onFrames: (finished: number, dreamed: number) => void;
}

export interface FrameCount {
  readonly frames: number;
  /** Of these, dreamed now and not by an earlier run. */
  readonly dreamed: number;
}

function isSame(one: Frame, other: Frame): boolean {
  const names = ['width', 'height', 'channels', 'bits', 'time'] as const;
  return names.every((name) => one[name] === other[name]);
}

/** Both are done when it rejects. */
async function both(...work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Writes what earlier runs finished, going through the source alongside; gives how many frames that are. */
async function replay(
  { source, sink, store, onFrames }: FrameRun,
  frames: AsyncIterator<Frame, void>,
): Promise<number> {
  let count = 0;
  for await (const dream of store.frames()) {
    const next = await frames.next();
    if (next.done || !isSame(next.value, dream))
      throw new LiveDreamError(
        'ERR_LIVEDREAM_VIDEO_UNFINISHED',
        `'${store.folder}' keeps a frame ${count} that the source has not.`,
      );
    await sink.write(dream, source.clock);
    count += 1;
    onFrames(count, 0);
  }
  return count;
}

/** What is left of an iteration, for a loop that ends it. */
async function* rest(frames: AsyncGenerator<Frame, void, undefined>): AsyncGenerator<Frame, void, undefined> {
  yield* frames;
}

/**
 * Dreams of all frames of a source, keeps each as soon as it is finished, and writes it. What was kept before is not dreamed
 * again. Where it rejects, what was finished is kept.
 */
export async function runFrames(run: FrameRun): Promise<FrameCount> {
  const { source, sink, store, dreamer, onFrames } = run;
  const frames = source.frames();
  try {
    const kept = await replay(run, frames);
    let dreamed = 0;
    for await (const { frame, state } of ahead(dreamer(ahead(rest(frames), READ_AHEAD), store.state), 1)) {
      await both(store.append(frame, state), sink.write(frame, source.clock));
      dreamed += 1;
      onFrames(kept + dreamed, dreamed);
    }
    await sink.finish();
    return { frames: kept + dreamed, dreamed };
  } catch (error) {
    await sink.abandon().catch(() => undefined);
    throw error;
  } finally {
    await frames.return();
  }
}
