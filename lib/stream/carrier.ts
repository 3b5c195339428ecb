import { fromNative } from '../binding/errors.js';
import type {
  NativeCoherence,
  NativeDream,
  NativePlan,
  NativeStreamFrame,
  NativeStreamState,
} from '../binding/native.js';
import type { Station } from '../engines.js';
import { resizedRaw } from '../image/raw.js';
import type { Picture } from '../image/source.js';
import type { Ticket } from '../ticket.js';
import { type Carry, isCheckpoint, type StreamCheckpoint, type StreamPlace } from './checkpoint.js';
import { SideBySide } from './side-by-side.js';

/** Of the sequence of seeds: 2^64 by the golden ratio, which no short sum brings back to where it was. */
const STRIDE = 0x9e3779b97f4a7c15n;

/** The seed of a stream's frame, of the first its own. Shifts that stay the same add up to the network's grid of strides. */
function seedOf(seed: bigint, frame: number): bigint {
  return BigInt.asUintN(64, seed + BigInt(frame) * STRIDE);
}

/** A frame that was dreamed on what was carried to it. */
export interface CarriedFrame {
  readonly result: NativeDream & Pick<NativeStreamFrame, 'confidence' | 'strength' | 'flow' | 'settle'>;
  readonly carry: Carry;
  readonly checkpoint: () => Promise<StreamCheckpoint>;
}

/** Keeps what one frame of a stream leaves to the next, on an engine's device. */
export class Carrier {
  readonly #ticket: Ticket;
  readonly #engine: Station['engine'];
  #from: StreamCheckpoint | undefined;
  #frames = 0;
  #last: { readonly state: NativeStreamState; readonly source: Picture } | undefined;

  constructor(ticket: Ticket, { engine }: Station, from?: StreamCheckpoint | StreamPlace) {
    this.#ticket = ticket;
    this.#engine = engine;
    if (from === undefined) return;
    this.#frames = from.frames;
    if (isCheckpoint(from)) this.#from = from;
  }

  /** @param most how many frames, with those of other streams, are dreamed side by side at best */
  async dream(plan: NativePlan, picture: Picture, coherence: NativeCoherence, most: number): Promise<CarriedFrame> {
    if (this.#from !== undefined) await this.#restore(this.#from);
    const before = this.#last;
    const fits = before?.state.width === picture.width && before.state.height === picture.height;
    const seeded = { ...plan, seed: seedOf(plan.seed, this.#frames) };
    const source = { source: picture.data, before: fits ? before.state : undefined, coherence };
    const result = await this.#ticket.native(async (cancellation) => {
      if (most > 1) {
        const { signal } = this.#ticket.caller;
        return SideBySide.on(this.#engine).dream({ plan: seeded, source, most, signal });
      }
      const [alone] = await this.#engine.dreamFrames(seeded, [source], cancellation);
      return alone as NativeStreamFrame;
    });
    const { state } = result;
    this.#last = { state, source: picture };
    this.#frames += 1;
    const frames = this.#frames;
    return {
      result,
      carry: before !== undefined && !fits ? 'cut' : result.carry,
      checkpoint: () => this.#checkpoint(state, picture, frames),
    };
  }

  /** By itself, as `dreamer.dream` does it. */
  async alone(plan: NativePlan, { width, height, data }: Picture): Promise<CarriedFrame> {
    const result = await this.#ticket.native((cancellation) => this.#engine.dream(plan, data, cancellation));
    // Nothing hangs together with what was before it.
    this.#last = undefined;
    return {
      result: { ...result, confidence: 0, strength: meanChange(result.data, data), flow: 0, settle: 0 },
      carry: 'alone',
      checkpoint: () =>
        Promise.resolve({
          width,
          height,
          source: data,
          change: new Float32Array(data.length),
          strength: 0,
          mean: [0, 0, 0],
          frames: 0,
        }),
    };
  }

  /** Goes on at another size with the same dream. */
  async resize(picture: Picture): Promise<void> {
    const before = this.#last;
    if (before === undefined) return;
    const { width, height } = picture;
    if (before.state.width === width && before.state.height === height) return;
    const saved = await this.#ticket.native(() => this.#engine.saveState(before.state));
    const [change, source] = await Promise.all([
      resizedRaw({ width: before.state.width, height: before.state.height, data: saved.change }, { width, height }),
      resizedRaw(before.source, { width, height }),
    ]);
    await this.#restore({
      ...saved,
      frames: this.#frames,
      width,
      height,
      change: change.data as Float32Array,
      source: source.data,
    });
  }

  async #restore(checkpoint: StreamCheckpoint): Promise<void> {
    this.#from = undefined;
    const { width, height, source, frames } = checkpoint;
    const state = await this.#ticket.native(() => this.#engine.restoreState(checkpoint));
    this.#last = { state, source: { width, height, data: source } };
    this.#frames = frames;
  }

  async #checkpoint(
    state: NativeStreamState,
    { width, height, data }: Picture,
    frames: number,
  ): Promise<StreamCheckpoint> {
    // The stream may be over by now, and its ticket with it.
    const saved = await this.#engine.saveState(state).catch((error: unknown) => Promise.reject(fromNative(error)));
    return { ...saved, width, height, source: data, frames };
  }
}

function meanChange(after: Picture['data'], before: Picture['data']): number {
  let sum = 0;
  for (let i = 0; i < after.length; i += 1) sum += Math.abs((after[i] as number) - (before[i] as number));
  return sum / after.length;
}
