import { performance } from 'node:perf_hooks';
import type { NativePlan } from '../binding/native.js';
import type { DreamParts } from '../dream.js';
import type { Emit } from '../emitted.js';
import { resizedRaw } from '../image/raw.js';
import { own, type Picture } from '../image/source.js';
import { readDreamOptions } from '../options/read-dream.js';
import { changed, type FrameOptions, LIVE_PRESET, type ResolvedStreamOptions } from '../options/stream-options.js';
import { type Call, dreamPartsOf, type ReadPicture, type Request, requestOf } from '../request.js';
import type { ResidentModel } from '../resident-model.js';
import { type CarriedFrame, Carrier } from './carrier.js';
import type { StreamCheckpoint } from './checkpoint.js';
import { frameInput, StreamedFrame, type StreamFrames } from './frame.js';
import { type Arrived, Frames } from './frames.js';
import { Governed, sized } from './governed.js';

export interface StreamWork<T> {
  readonly call: Call;
  readonly model: ResidentModel;
  readonly frames: StreamFrames<T>;
  readonly options: ResolvedStreamOptions;
  /** What frames are dreamed with; it may change while the stream runs. */
  readonly current: () => FrameOptions;
  readonly from: StreamCheckpoint | undefined;
  readonly emit: Emit<StreamedFrame<T>>;
}

/** A frame that is ready to be dreamed. */
interface Ready<T> {
  readonly arrived: Arrived<T>;
  readonly picture: ReadPicture;
  readonly request: Request;
  readonly tag: T | undefined;
  /** As performance.now() has it: when its decoding began, and when it was done. */
  readonly began: number;
  readonly decoded: number;
}

/** Dreams the frames of one stream on one device, in their order; the next is decoded while one is dreamed. */
export class StreamRun<T> {
  readonly #work: StreamWork<T>;
  readonly #carrier: Carrier;
  readonly #governed: Governed | undefined;
  /** Given with a frame, for it and those after it. */
  #changed: FrameOptions = {};
  /** As the last frame came. */
  #asked: Picture | undefined;
  #request: { readonly key: string; readonly request: Request } | undefined;

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
    await this.#requestFor();
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
    if (options !== undefined) this.#changed = changed(this.#changed, options);
    const began = performance.now();
    const owned = own(picture);
    const request = await this.#requestFor();
    const read = await request.decode(owned);
    return { arrived, picture: read, request, tag, began, decoded: performance.now() };
  }

  /** With the options in force. */
  async #requestFor(): Promise<Request> {
    const { model, call, options, current } = this.#work;
    const { octaves, iterations } = LIVE_PRESET;
    const preset = options.preset === 'live' ? { octaves, iterations } : {};
    const given = changed(changed(preset, current()), this.#changed);
    const key = JSON.stringify(given, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
    if (this.#request?.key === key) return this.#request.request;
    const request = await requestOf(model, given, { ...call, asked: readDreamOptions(given) });
    this.#request = { key, request };
    return request;
  }

  async #dream({ arrived, request, tag, picture: asked, began }: Ready<T>): Promise<StreamedFrame<T>> {
    const { station, faults } = this.#work.call;
    const plan = (await this.#governed?.plan(request, asked)) ?? request.plan(asked);
    const start = performance.now();
    const picture = await sized(asked, plan);
    const { result, carry, checkpoint } = await this.#carried(plan, picture, asked);
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

  async #carried(plan: NativePlan, picture: Picture, asked: Picture): Promise<CarriedFrame> {
    const { coherence } = this.#work.options;
    if (!coherence) return this.#carrier.alone(plan, picture);
    // The source's own change of size is another scene; the governor's is not.
    const before = this.#asked;
    this.#asked = asked;
    if (before?.width === asked.width && before.height === asked.height) await this.#carrier.resize(picture);
    return this.#carrier.dream(plan, picture, this.#coherence());
  }

  #coherence(): Pick<ResolvedStreamOptions, 'blend' | 'strength' | 'sceneCut'> {
    return this.#work.options;
  }
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
