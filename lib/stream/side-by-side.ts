import { loadAddon } from '../binding/addon.js';
import type { NativeEngine, NativePlan, NativeStreamFrame, NativeStreamSource } from '../binding/native.js';
import { LiveDreamError } from '../errors.js';
import { onAbort } from '../on-abort.js';
import type { Size } from '../size.js';

/** A frame of a stream that may be dreamed beside those of others. */
export interface SideFrame {
  readonly plan: NativePlan;
  readonly source: NativeStreamSource;
  /** How many of its size are one batch at best. */
  readonly most: number;
  /** Its stream is over. */
  readonly signal: AbortSignal;
}

interface Waiting extends SideFrame {
  readonly key: string;
  readonly resolve: (frame: NativeStreamFrame) => void;
  readonly reject: (error: unknown) => void;
}

/** Whether frames of this size were faster side by side, on processors: docs/performance-service.md. Of GPUs nothing is known yet. */
export function paysSideBySide({ width, height }: Size): boolean {
  return width * height <= 2 ** 16;
}

/** Frames with the same one are one batch: all but channels, their weights, and shifts is the same. */
function keyOf({ objectives, seed: _shifts, ...rest }: NativePlan): string {
  return JSON.stringify([
    rest,
    objectives.map((terms) =>
      terms.map(({ layer, kind, weight, balanced, guide }) => [layer, kind, weight, balanced, guide?.key]),
    ),
  ]);
}

/** Batches of more than one are of whole pictures. */
function fits({ octaves, mode }: NativePlan): boolean {
  return !mode.xla && octaves.every(({ rows, columns }) => rows * columns === 1);
}

/** For all of them, with the first one's shifts. */
function joinedPlan(frames: readonly SideFrame[]): NativePlan {
  const [{ plan }] = frames as [SideFrame];
  if (frames.length === 1) return plan;
  const pictures = frames.length;
  return {
    ...plan,
    objectives: frames.flatMap((frame) => frame.plan.objectives),
    octaves: plan.octaves.map((octave) => ({ ...octave, pictures, batch: pictures })),
  };
}

function aborted(): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The stream is over.');
}

/**
 * Frames of several streams on one engine: those that came while others were dreamed are dreamed as one batch, as far as they go
 * together. Batches have 1, 2, 4 ... frames, as each number needs programs of its own.
 */
export class SideBySide {
  static readonly #known = new WeakMap<NativeEngine, SideBySide>();
  readonly #engine: NativeEngine;
  readonly #waiting: Waiting[] = [];
  #busy = false;

  private constructor(engine: NativeEngine) {
    this.#engine = engine;
  }

  static on(engine: NativeEngine): SideBySide {
    const known = SideBySide.#known.get(engine) ?? new SideBySide(engine);
    SideBySide.#known.set(engine, known);
    return known;
  }

  /** Rejects as the engine does, or at once where its stream is over, while those beside it go on. */
  dream(frame: SideFrame): Promise<NativeStreamFrame> {
    const key = keyOf(frame.plan);
    return new Promise((resolve, reject) => {
      const waiting = { ...frame, key, resolve, reject };
      this.#waiting.push(waiting);
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) await this.#dream(batch);
    this.#busy = false;
  }

  /** The oldest with others that go with it. */
  #next(): Waiting[] {
    for (const each of this.#waiting.filter(({ signal }) => signal.aborted)) {
      this.#waiting.splice(this.#waiting.indexOf(each), 1);
      each.reject(aborted());
    }
    const [first] = this.#waiting;
    if (first === undefined) return [];
    const together = fits(first.plan) ? this.#waiting.filter(({ key }) => key === first.key) : [first];
    const found = together.slice(0, 2 ** Math.floor(Math.log2(Math.max(1, Math.min(first.most, together.length)))));
    for (const each of found) this.#waiting.splice(this.#waiting.indexOf(each), 1);
    return found;
  }

  async #dream(batch: readonly Waiting[]): Promise<void> {
    const cancellation = new (loadAddon().Cancellation)();
    const left = new Set(batch);
    const unlisten = batch.map((frame) =>
      onAbort(frame.signal, () => {
        frame.reject(aborted());
        left.delete(frame);
        if (left.size === 0) cancellation.cancel();
      }),
    );
    try {
      const sources = batch.map(({ source }) => source);
      const dreamed = await this.#engine.dreamFrames(joinedPlan(batch), sources, cancellation);
      for (const [place, { resolve }] of batch.entries()) resolve(dreamed[place] as NativeStreamFrame);
    } catch (error) {
      if (batch.length === 1) for (const { reject } of left) reject(error);
      // One that fails is not to take the others with it.
      else for (const each of left) await this.#dream([each]);
    } finally {
      for (const each of unlisten) each();
    }
  }
}
