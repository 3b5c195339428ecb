import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { joined, partOf } from './batch/data.js';
import { lookAtBatches } from './batch/look.js';
import { LookAhead, type Taken } from './batch/look-ahead.js';
import { isOwnFault } from './batch/own-fault.js';
import { mostPictures } from './batch/size.js';
import type { Dream, DreamAgain } from './dream.js';
import type { Emit } from './emitted.js';
import type { DeviceFault, Engines, Station } from './engines.js';
import { optionTypeError } from './errors.js';
import { isSharp, own, type PictureInput } from './image/source.js';
import { isStream } from './image/stream.js';
import { maskedPlan } from './masks.js';
import type { GivenOptions } from './options/description.js';
import type { DREAM_OPTIONS, DreamOptions, DreamProgress } from './options/dream-options.js';
import type { Mask } from './options/mask.js';
import type { ObjectiveOptions } from './options/objective.js';
import { type Admitted, describeProgress, dreamOf, type ReadPicture, type Request, requestOf } from './request.js';
import type { ResidentModel } from './resident-model.js';

/** Progress of one of several pictures. */
export interface PictureProgress extends DreamProgress {
  /** Its place among the pictures. */
  readonly index: number;
}

/** What became of one of several pictures: its dream, or why it has none. */
export type PictureResult<P extends PictureInput = PictureInput> = {
  /** Its place among the pictures, from 0. */
  readonly index: number;
  /** The picture as it was given. */
  readonly source: P;
} & (
  | { readonly dream: Dream; readonly error?: undefined }
  /** The fault of this picture alone: it cannot be read, or not be dreamed at its size. */
  | { readonly dream?: undefined; readonly error: Error }
);

/** Pictures, all there or coming. */
export type Pictures<P extends PictureInput = PictureInput> = Iterable<P> | AsyncIterable<P>;

/** The options of a dream, or the parameters of an earlier one. */
export type DreamAllOptions = (
  | (GivenOptions<typeof DREAM_OPTIONS> & ObjectiveOptions)
  | Omit<DreamAgain, 'signal' | 'onProgress' | 'onPreview' | 'previewInterval' | 'mask'>
) & {
  /** Cancels those that are not finished. */
  readonly signal?: AbortSignal | undefined;
  /** Where to dream in each of them. */
  readonly mask?: Mask | undefined;
  /** Whether each waits for those before it; default false. */
  readonly inOrder?: boolean | undefined;
  /** Called after steps, once for each picture of a batch; what it throws cancels the rest. */
  readonly onProgress?: ((progress: PictureProgress) => unknown) | undefined;
};

/** Throws TypeError for one picture in the place of many: a path and bytes can be looped over too. */
export function checkPictures(pictures: unknown): void {
  const { [Symbol.iterator]: each, [Symbol.asyncIterator]: coming } = Object(pictures) as Record<symbol, unknown>;
  const bytes = isBytes(pictures) || (isStream(pictures) && !isOfObjects(pictures));
  if (typeof pictures !== 'string' && !bytes && [each, coming].some((begin) => typeof begin === 'function')) return;
  throw optionTypeError('pictures', 'an array or another iterable of pictures (dream() takes one)', pictures);
}

const isBytes = (given: unknown): boolean => ArrayBuffer.isView(given) || isSharp(given);

/** A Node stream of pictures, such as Readable.from(paths), and not of one picture's bytes. */
function isOfObjects(stream: unknown): boolean {
  return (stream as { readonly readableObjectMode?: unknown }).readableObjectMode === true;
}

/** A picture that waits to be dreamed. */
interface Waiting<P> extends Taken<P> {
  readonly picture: ReadPicture;
}

export interface DreamAllWork<P extends PictureInput> {
  readonly call: Admitted;
  readonly model: ResidentModel;
  readonly engines: Engines;
  readonly pictures: Pictures<P>;
  readonly options: DreamOptions;
  readonly inOrder: boolean;
  readonly onProgress: ((progress: PictureProgress) => unknown) | undefined;
  readonly emit: Emit<PictureResult<P>>;
}

/** sharp decodes on libuv's threads, of which there are four. */
const READERS = Math.min(4, availableParallelism());

function goTogether<P>({ picture: one }: Waiting<P>, { picture: other }: Waiting<P>): boolean {
  const kind = ({ data }: ReadPicture): string => data.constructor.name;
  return one.width === other.width && one.height === other.height && kind(one) === kind(other);
}

/** Dreams of many pictures, as far as possible side by side, on all engines, with as many at hand as keep these busy. */
export class DreamAll<P extends PictureInput> {
  readonly #work: DreamAllWork<P>;
  readonly #requests = new Map<Station, Promise<Request>>();
  readonly #report: ((progress: PictureProgress) => void) | undefined;
  /** What is finished and waits for those before it, by its place; and the next to be given. */
  readonly #held = new Map<number, PictureResult<P>>();
  #next = 0;
  /** Batches of the latest size that have their programs. */
  #built = { size: '', batches: new Set<number>() };

  constructor(work: DreamAllWork<P>) {
    this.#work = work;
    this.#report = work.onProgress && work.call.ticket.caller.safely(work.onProgress);
  }

  async run(): Promise<void> {
    const { call, engines, pictures } = this.#work;
    const { stations } = engines;
    // What is wrong with the options is no picture's fault, and is told first.
    const request = await this.#requestOf(stations[0] as Station);
    const ahead: LookAhead<P, Waiting<P>> = new LookAhead({
      source: pictures,
      readers: READERS,
      read: (taken) => this.#read(request, taken, ahead),
      // Two batches for each engine: one is dreamed, one is at hand.
      places: (last) => 2 * stations.length * (last ? mostPictures(request, last.picture) : 1),
    });
    const running = stations.map(() => this.#dreamOn(request, ahead));
    const { caller } = call.ticket;
    try {
      // Heard, as a source may never give its next picture.
      await caller.hear(Promise.all(running));
    } finally {
      ahead.close();
      // What is cancelled ends within a step; who left the loop finds it ended.
      if (caller.stopped) await Promise.allSettled(running);
    }
  }

  #requestOf(station: Station): Promise<Request> {
    const known = this.#requests.get(station);
    if (known) return known;
    const { model, options, call } = this.#work;
    const made = requestOf(model, options, { ...call, station, faults: [] });
    this.#requests.set(station, made);
    return made;
  }

  async #read(request: Request, taken: Taken<P>, ahead: LookAhead<P, Waiting<P>>): Promise<Waiting<P> | undefined> {
    const { caller } = this.#work.call.ticket;
    try {
      return { ...taken, picture: await request.decode(own(taken.source), { hashed: true }) };
    } catch (error) {
      caller.throwIfStopped();
      this.#give({ index: taken.index, source: taken.source, error: error as Error }, ahead);
      return undefined;
    }
  }

  /** Its place is given back when it is taken, so that results do not pile up where nobody takes them. */
  #give(result: PictureResult<P>, ahead: LookAhead<P, Waiting<P>>): void {
    const { inOrder, emit } = this.#work;
    const ready = inOrder ? this.#following(result) : [result];
    for (const each of ready) void emit(each).then(() => ahead.release());
  }

  /** What can be given once this is there, in the order of the pictures: it, or nothing yet, or others that waited for it too. */
  #following(result: PictureResult<P>): PictureResult<P>[] {
    this.#held.set(result.index, result);
    const ready: PictureResult<P>[] = [];
    for (let next = this.#held.get(this.#next); next !== undefined; next = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#next += 1;
      ready.push(next);
    }
    return ready;
  }

  /** Of pictures whose number is known, one device's: no batch is so large that another device has nothing to do. */
  #share(): number {
    // A mask may be another for each.
    if (this.#work.call.mask) return 1;
    const { engines, pictures } = this.#work;
    return Array.isArray(pictures) ? Math.ceil(pictures.length / engines.stations.length) : Number.POSITIVE_INFINITY;
  }

  async #dreamOn(request: Request, ahead: LookAhead<P, Waiting<P>>): Promise<void> {
    for (;;) {
      const batch = await ahead.next(
        ({ picture }) => Math.min(this.#share(), mostPictures(request, picture)),
        goTogether,
      );
      if (batch === undefined) return;
      for await (const result of this.#dreamsOf(batch)) this.#give(result, ahead);
    }
  }

  async *#dreamsOf(batch: readonly Waiting<P>[]): AsyncGenerator<PictureResult<P>> {
    try {
      yield* await this.#work.engines.use((station, faults) => this.#dream(station, faults, batch));
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      const [{ index, source }] = batch as [Waiting<P>];
      if (batch.length === 1) yield { index, source, error };
      // One that fails is not to take the others with it.
      else for (const each of batch) yield* this.#dreamsOf([each]);
    }
  }

  async #dream(
    station: Station,
    faults: readonly DeviceFault[],
    batch: readonly Waiting<P>[],
  ): Promise<PictureResult<P>[]> {
    const { call, pictures: all } = this.#work;
    const { ticket } = call;
    const request = await this.#requestOf(station);
    const [{ picture: first, index }] = batch as [Waiting<P>];
    // Of what does not tell how much it is, as much is likely to come as has come.
    const expected = Array.isArray(all) ? all.length : index + batch.length;
    await lookAtBatches(request, { ...call, station, faults }, first, expected);
    const pictures = Array.from({ length: this.#sizeFor(batch.length, first) }, (_, place) => batch[place] ?? batch[0]);
    const mask = await request.mask(first);
    const plan = maskedPlan(request.plan(first, Array(pictures.length).fill(request.terms)), mask);
    const data = joined(pictures.map((each) => (each as Waiting<P>).picture.data) as [Uint8Array]);
    const report = this.#report;
    const result = await ticket.native((cancellation) =>
      station.engine.dream(
        plan,
        data,
        cancellation,
        report &&
          ((progress) => {
            const described = describeProgress(plan, progress);
            for (const { index } of batch) report({ index, ...described });
          }),
      ),
    );
    return batch.map(({ index, source, picture, since }, place) => {
      const part = { ...partOf(result, place), timings: result.timings };
      const elapsed = performance.now() - since;
      return { index, source, dream: dreamOf(part, { elapsed, station, faults, request, plan, picture, mask }) };
    });
  }

  /** One that has its programs and is filled up with a third more at most, or as many as there are. */
  #sizeFor(pictures: number, { width, height }: ReadPicture): number {
    const size = `${width}x${height}`;
    if (this.#built.size !== size) this.#built = { size, batches: new Set() };
    const { batches } = this.#built;
    const fitting = [...batches].filter((batch) => batch >= pictures && batch <= (4 / 3) * pictures);
    const batch = fitting.length > 0 ? Math.min(...fitting) : pictures;
    batches.add(batch);
    return batch;
  }
}
