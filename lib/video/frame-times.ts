import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Rational } from './rational.js';

/** When a frame is shown, and for how long, in ticks. */
export interface FrameTime {
  readonly time: bigint;
  readonly length: bigint;
}

const CLOCK = /^#tb 0: (\d+)\/(\d+)/;
/** stream, decoding time, time, length, bytes, checksum; a time that is unknown is no number. */
const FRAME = /^\d+,\s*\S+,\s*(\S+),\s*(-?\d+),/;

/**
 * The times of frames as ffmpeg's muxer `framecrc` writes them, which is the only one whose clock is the film's own: exact, also
 * where the rate varies. Written beside the pixels by the same process, frame by frame.
 */
export class FrameTimes {
  readonly #lines: AsyncIterator<string>;
  #clock: Rational | undefined;
  #next = 0n;

  constructor(stream: Readable) {
    this.#lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  }

  /** Known with the first frame. */
  get clock(): Rational | undefined {
    return this.#clock;
  }

  /** Of the next frame; undefined where there is none. */
  async next(): Promise<FrameTime | undefined> {
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
      const clock = CLOCK.exec(line.value);
      if (clock) this.#clock = { num: Number(clock[1]), den: Number(clock[2]) };
      const frame = FRAME.exec(line.value);
      if (frame) return this.#read(frame[1] as string, BigInt(frame[2] as string));
    }
    return undefined;
  }

  /** A frame without a time follows the one before, and none comes before the one before it. */
  #read(text: string, given: bigint): FrameTime {
    const length = given > 0n ? given : 0n;
    const told = /^-?\d{1,18}$/.test(text) ? BigInt(text) : this.#next;
    const time = told < this.#next ? this.#next : told;
    this.#next = time + 1n;
    return { time, length };
  }
}
