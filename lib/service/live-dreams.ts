import { performance } from 'node:perf_hooks';
import type { Bell } from '../bell.js';
import type { Dreamer } from '../dreamer.js';
import { LiveDreamError } from '../errors.js';
import type { ServiceLimits } from '../options/serve-options.js';
import type { Size } from '../size.js';
import type { StreamCheckpoint } from '../stream/checkpoint.js';
import type { DreamStream } from '../stream/dream-stream.js';
import type { FrameInput, StreamedFrame } from '../stream/frame.js';
import { paysSideBySide } from '../stream/side-by-side.js';
import { Allowance } from './allowance.js';
import type { LiveLine } from './live-line.js';
import { type LiveOptions, type LiveShown, programsKey } from './live-options.js';
import { readFrame, writeFrame } from './live-pictures.js';
import type { Turns } from './turns.js';

/** A frame as it came. */
export interface Incoming {
  readonly bytes: Buffer;
  /** Which of its client's it is, from 1. */
  readonly number: number;
  /** When, as performance.now() has it. */
  readonly since: number;
}

/** A frame that is under way. */
interface Begun {
  readonly incoming: Incoming;
  readonly shown: LiveShown;
  readonly size: Size;
  readonly wait: number;
  readonly decode: number;
}

/** A dreamed frame, encoded. */
export interface Shown {
  readonly bytes: Buffer;
  readonly incoming: Incoming;
  readonly size: Size;
  readonly format: LiveShown['format'];
  readonly stages: Readonly<Record<string, number>>;
}

export interface LiveDreamsParts {
  readonly dreamer: Dreamer;
  readonly limits: ServiceLimits;
  readonly turns: Turns;
  readonly line: LiveLine;
  /** Rung where the line may have room again. */
  readonly bell: Bell;
  /** Its client has left. */
  readonly left: AbortSignal;
  /** Whether options came that are not checked yet; frames after them wait. */
  readonly unsettled: () => boolean;
  readonly show: (shown: Shown) => void;
  readonly fault: (error: unknown) => void;
}

/** One stream, of which there is a next where options change that a stream cannot change, or a frame failed. */
class Run {
  readonly #over = new AbortController();
  readonly signal: AbortSignal;
  busy = false;
  ending = false;
  #giveBack: (() => void) | undefined;

  constructor(left: AbortSignal) {
    this.signal = AbortSignal.any([left, this.#over.signal]);
  }

  /** Waits for a turn; false where the stream is over. */
  async turn(turns: Turns, key: string | undefined): Promise<boolean> {
    this.#giveBack = await turns.take('frame', this.signal, key);
    return this.#giveBack !== undefined;
  }

  rest(): void {
    this.#giveBack?.();
    this.#giveBack = undefined;
    this.busy = false;
  }

  end(): void {
    this.#over.abort();
    this.rest();
  }
}

/** How many changes of what programs are made for a client may make at once, and how many a second in the long run. */
const CHANGES = { most: 30, perSecond: 0.5 } as const;

/** Of what a client had before, so that a long visit keeps no long list. */
const MOST_KNOWN = 1000;

/** Dreams the frames of one client: of those that come while it waits for its turn the newest, at the options in force then. */
export class LiveDreams {
  readonly #parts: LiveDreamsParts;
  readonly #changes = new Allowance(CHANGES.perSecond, CHANGES.most);
  readonly #known = new Set<string>();
  #options: LiveOptions;
  /** What decides which programs its last frame took: with others of the same one the next may be dreamed side by side. */
  #key: string | undefined;
  #waiting: Incoming | undefined;
  #run: Run | undefined;
  #stream: DreamStream<Begun> | undefined;
  #last: StreamedFrame<Begun> | undefined;

  constructor(parts: LiveDreamsParts, options: LiveOptions) {
    this.#parts = parts;
    this.#options = options;
    parts.left.addEventListener('abort', () => parts.bell.ring(), { once: true });
  }

  /** True where it takes the place of one that was not dreamed yet. */
  offer(incoming: Incoming): boolean {
    const late = this.#waiting !== undefined;
    this.#waiting = incoming;
    this.#parts.bell.ring();
    return late;
  }

  /** What holds from the next frame on; it was checked. */
  change(next: LiveOptions): void {
    const before = this.#options.given;
    this.#options = next;
    const { targetFps, ...changing } = next.given;
    const takenBack = Object.keys(before).some((name) => !(name in next.given));
    if (takenBack || targetFps !== before.targetFps) this.#reopen();
    else this.#stream?.change(changing);
  }

  /** Until the client has left. A stream takes its place in the queue with the first frame. */
  async run(): Promise<void> {
    const { left, unsettled } = this.#parts;
    let from: StreamCheckpoint | undefined;
    while (!left.aborted) {
      await this.#until(() => left.aborted || (this.#waiting !== undefined && !unsettled()));
      if (left.aborted) return;
      from = await this.#dream(from);
    }
  }

  #reopen(): void {
    if (this.#run) this.#run.ending = true;
    this.#parts.bell.ring();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#parts.bell.heard();
  }

  /** One stream, and what the next goes on from. */
  async #dream(from: StreamCheckpoint | undefined): Promise<StreamCheckpoint | undefined> {
    const { dreamer, left, line, fault, bell } = this.#parts;
    const run = new Run(left);
    this.#run = run;
    this.#last = undefined;
    try {
      const options = {
        ...this.#options.given,
        preset: 'live',
        dropLate: true,
        together: true,
        signal: run.signal,
        from,
      } as const;
      this.#stream = dreamer.stream<Begun>(this.#frames(run), options);
      for await (const frame of this.#stream) {
        run.rest();
        bell.ring();
        this.#last = frame;
        await this.#show(frame);
      }
      return await (this.#last as StreamedFrame<Begun> | undefined)?.checkpoint();
    } catch (error) {
      if (run.busy) line.giveUp();
      if (!left.aborted) fault(error);
      return undefined;
    } finally {
      run.end();
      this.#run = undefined;
      this.#stream = undefined;
      bell.ring();
    }
  }

  /** The stream's source: gives a frame when the one before is done, the client has room for it, and its turn has come. */
  async *#frames(run: Run): AsyncGenerator<FrameInput<Begun>, void, undefined> {
    const { line, turns, unsettled } = this.#parts;
    const ready = (): boolean => this.#waiting !== undefined && line.free && !unsettled();
    for (;;) {
      await this.#until(() => run.signal.aborted || (!run.busy && (run.ending || ready())));
      if (run.signal.aborted || run.ending || !(await run.turn(turns, this.#key))) return;
      const frame = await this.#begin(run);
      if (frame) yield frame;
    }
  }

  async #begin(run: Run): Promise<FrameInput<Begun> | undefined> {
    const { limits, line, fault } = this.#parts;
    const incoming = this.#waiting as Incoming;
    const { shown } = this.#options;
    this.#waiting = undefined;
    run.busy = true;
    line.begin();
    const began = performance.now();
    try {
      const { picture, shape } = await readFrame(incoming.bytes, Math.min(shown.size, limits.liveSize), limits);
      this.#checkChanges(shape.dreamed);
      const wait = began - incoming.since;
      const begun = { incoming, shown, size: shape.shown, wait, decode: performance.now() - began };
      return { picture, tag: begun };
    } catch (error) {
      line.giveUp();
      run.rest();
      fault(error);
      return undefined;
    }
  }

  /** Programs are made for a size and some options; what a client had before costs nothing. */
  #checkChanges({ width, height }: Size): void {
    const key = `${width}x${height} ${programsKey(this.#parts.dreamer, this.#options)}`;
    this.#key = paysSideBySide({ width, height }) ? key : undefined;
    if (this.#known.has(key)) return;
    if (!this.#changes.take())
      throw new LiveDreamError(
        'ERR_LIVEDREAM_LIVE_CHANGES',
        'Too many changes of size, layer or octaves in a short time.',
      );
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.add(key);
  }

  async #show(frame: StreamedFrame<Begun>): Promise<void> {
    const { show, line, fault } = this.#parts;
    const { incoming, shown, size, wait, decode } = frame.tag as Begun;
    const start = performance.now();
    try {
      const { width, height, data } = frame;
      const bytes = await writeFrame({ width, height, data }, shown, size);
      const { flow, settle, dream } = frame.stages;
      const { steps, compile } = frame.timings;
      const stages = { wait, decode, flow, settle, steps, compile, dream, encode: performance.now() - start };
      show({ bytes, incoming, size, format: shown.format, stages });
    } catch (error) {
      line.giveUp();
      fault(error);
    }
  }
}
