import { performance } from 'node:perf_hooks';
import type { NativePlan } from '../binding/native.js';
import type { DreamParts } from '../dream.js';
import type { Emit } from '../emitted.js';
import { resizedRaw } from '../image/raw.js';
import { own, type Picture } from '../image/source.js';
import type { Term } from '../model/terms.js';
import { readDreamOptions } from '../options/read-dream.js';
import { type ChangedOptions, changed, type ResolvedStreamOptions } from '../options/stream-options.js';
import { type Call, dreamPartsOf, type ReadPicture, type Request, requestOf } from '../request.js';
import type { ResidentModel } from '../resident-model.js';
import type { Size } from '../size.js';
import { type CarriedFrame, Carrier } from './carrier.js';
import { type InForce, readChanged } from './changed.js';
import type { StreamCheckpoint, StreamPlace } from './checkpoint.js';
import { frameInput, StreamedFrame, type StreamFrames } from './frame.js';
import { type Arrived, Frames } from './frames.js';
import { Governed, sized } from './governed.js';
import { optionsKey } from './options-key.js';
import { paysSideBySide } from './side-by-side.js';

export interface StreamWork<T> {
  readonly call: Call;
  readonly model: ResidentModel;
  readonly frames: StreamFrames<T>;
  readonly options: ResolvedStreamOptions;
  /** What may change while the stream runs, by its frames and by `change`: whoever comes last. */
  readonly current: { options: ChangedOptions };
  readonly from: StreamCheckpoint | StreamPlace | undefined;
  readonly emit: Emit<StreamedFrame<T>>;
}

/** How a frame is to be dreamed. */
interface Wanted {
  readonly request: Request;
  readonly coherence: InForce['coherence'];
}

/** A frame that is ready to be dreamed. */
interface Ready<T> {
  readonly arrived: Arrived<T>;
  readonly picture: ReadPicture;
  readonly wanted: Wanted;
  readonly tag: T | undefined;
  /** When its decoding began, as performance.now() has it. */
  readonly began: number;
}

/** Dreams the frames of one stream on one device, in their order; the next is decoded while one is dreamed. */
export class StreamRun<T> {
  readonly #work: StreamWork<T>;
  readonly #carrier: Carrier;
  readonly #governed: Governed | undefined;
  /** As the last frame came. */
  #asked: Picture | undefined;
  #last: { readonly key: string; readonly wanted: Wanted } | undefined;

  constructor(work: StreamWork<T>) {
    this.#work = work;
    this.#carrier = new Carrier(work.call.ticket, work.call.station, work.from);
    const { targetFps } = work.options;
    this.#governed = targetFps === undefined ? undefined : new Governed(targetFps, work.call, () => performance.now());
  }

  async run(): Promise<void> {
    const { call, options, emit } = this.#work;
    const { caller } = call.ticket;
    // What is wrong with the options is no frame's fault, and is told first.
    await this.#wanted();
    const frames = new Frames(this.#work.frames, options.dropLate);
    try {
      let taken: Promise<void> = Promise.resolve();
      let next = this.#next(frames);
      for (;;) {
        const ready = await caller.hear(next);
        if (ready === undefined) break;
        // The newest frame is not to grow old in a decoder: where late ones are dropped, it is taken when its turn comes.
        if (!options.dropLate) next = this.#next(frames);
        next.catch(() => undefined);
        const frame = await this.#dream(ready);
        // One that nobody took yet, and no more.
        await caller.hear(taken);
        taken = emit(frame);
        if (options.dropLate) next = this.#next(frames);
      }
    } finally {
      frames.close();
    }
  }

  async #next(frames: Frames<T>): Promise<Ready<T> | undefined> {
    const arrived = await frames.next();
    if (arrived === undefined) return undefined;
    const { picture, options, tag } = frameInput(arrived.input);
    const { current } = this.#work;
    if (options !== undefined) current.options = changed(current.options, options);
    const began = performance.now();
    const owned = own(picture);
    const wanted = await this.#wanted();
    return { arrived, picture: await wanted.request.decode(owned), wanted, tag, began };
  }

  /** By the options in force. */
  async #wanted(): Promise<Wanted> {
    const { model, call, current } = this.#work;
    const given = current.options;
    const key = optionsKey(given);
    if (this.#last?.key === key) return this.#last.wanted;
    const { frame, coherence } = readChanged(given);
    const request = await requestOf(model, frame, { ...call, asked: readDreamOptions(frame) });
    const wanted = { request, coherence };
    this.#last = { key, wanted };
    return wanted;
  }

  async #dream({ arrived, wanted, tag, picture: asked, began }: Ready<T>): Promise<StreamedFrame<T>> {
    const { station, faults } = this.#work.call;
    const { request } = wanted;
    const plan = (await this.#governed?.plan(request, asked)) ?? request.plan(asked);
    const start = performance.now();
    const picture = await sized(asked, plan);
    const { result, carry, checkpoint } = await this.#carried(plan, wanted, { picture, asked });
    const data = await enlarged(result.data, picture, asked);
    const end = performance.now();
    const { steps, compile } = result.timings;
    this.#governed?.frame({ steps, rest: end - start + asked.decode - steps - compile });
    const about = { elapsed: end - arrived.since, station, faults, request, plan, picture: asked };
    return new StreamedFrame<T>(inForce(dreamPartsOf({ ...result, data }, about), plan), {
      ...{ index: arrived.index, tag, dropped: arrived.dropped, carry, checkpoint },
      ...{ confidence: result.confidence, strength: result.strength },
      stages: { wait: began - arrived.since, flow: result.flow, settle: result.settle, dream: end - start },
    });
  }

  async #carried(
    plan: NativePlan,
    { request, coherence }: Wanted,
    { picture, asked }: { readonly picture: Picture; readonly asked: Picture },
  ): Promise<CarriedFrame> {
    const most = this.#work.options.together ? mostTogether(request, picture) : 1;
    if (!coherence.coherence) return this.#carrier.alone(plan, picture);
    // The source's own change of size is another scene; the governor's is not.
    const before = this.#asked;
    this.#asked = asked;
    if (before?.width === asked.width && before.height === asked.height) await this.#carrier.resize(picture);
    return this.#carrier.dream(plan, picture, coherence, most);
  }
}

/** Batches that are looked for, the largest first. */
const TOGETHER = [4, 2] as const;

/** How many frames of this size are faster side by side, and have the memory for it. */
function mostTogether({ batches, plan, terms }: Request, size: Size): number {
  const most = paysSideBySide(size) ? batches.most(size) : 1;
  const fits = (count: number): boolean => {
    try {
      plan(size, Array<readonly Term[]>(count).fill(terms));
      return true;
    } catch {
      return false;
    }
  };
  return TOGETHER.find((count) => count <= most && fits(count)) ?? 1;
}

/** What was dreamed smaller than it was asked for, at the size asked for. */
async function enlarged(data: Picture['data'], from: Picture, to: Picture): Promise<Picture['data']> {
  if (from.width === to.width && from.height === to.height) return data;
  return (await resizedRaw({ width: from.width, height: from.height, data }, to)).data;
}

/** With what the governor made of octaves and iterations. */
function inForce(parts: DreamParts, { octaves, iterations }: NativePlan): DreamParts {
  const [first = 1] = iterations;
  const even = iterations.every((each) => each === first);
  const { width, height } = parts;
  const parameters = {
    ...parts.parameters,
    octaves: octaves.length,
    iterations: even ? first : iterations,
    width,
    height,
  };
  return { ...parts, parameters };
}
