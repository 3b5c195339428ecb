import { decode } from '../../image/decode.js';
import type { Frame } from '../frame.js';
import type { FrameSource } from '../frame-source.js';
import { openPlainFilm, type PlainFilm, rateOf, type VideoJob } from '../job.js';
import type { Rational } from '../rational.js';
import type { Pixels } from './pixels.js';

/** How many frames a film has. */
export function framesOf(rate: number, duration: number): number {
  const { num, den } = rateOf(rate);
  return Math.max(1, Math.round((duration * num) / den));
}

/** The photograph again and again, for as long as the film is. */
class StillSource implements FrameSource {
  readonly complaint = '';
  readonly promised = undefined;
  readonly clock: Rational;
  readonly expected: number;
  readonly #photograph: Pixels;

  constructor(photograph: Pixels, rate: number, duration: number) {
    const { num, den } = rateOf(rate);
    this.clock = { num: den, den: num };
    this.expected = framesOf(rate, duration);
    this.#photograph = photograph;
  }

  async *frames(): AsyncGenerator<Frame, void, undefined> {
    const { width, height, data } = this.#photograph;
    const bytes = Buffer.from(Uint8ClampedArray.from(data).buffer);
    for (let place = 0; place < this.expected; place += 1)
      yield { width, height, channels: 3, bits: 8, data: bytes, time: BigInt(place), length: 1n };
  }
}

/** The picture in floats. Transparency is not a film's. Rejects with ERR_LIVEDREAM_IMAGE_UNREADABLE, _ANIMATED. */
export async function openPhotograph(file: string, longestSide: number | undefined): Promise<Pixels> {
  const { width, height, data } = await decode(file, { size: longestSide, page: undefined, check: () => undefined });
  return { width, height, data: Float32Array.from(data) };
}

/** A film that begins with a photograph. Rejects as `openJob` does. */
export async function openStillJob(
  photograph: Pixels,
  given: Omit<PlainFilm, 'size'> & { readonly duration: number },
): Promise<VideoJob> {
  const { width, height } = photograph;
  const size = { width, height };
  const { plan, sink } = await openPlainFilm({ ...given, size });
  const source = new StillSource(photograph, given.rate, given.duration);
  return { source, sink, size, plan, notes: plan.notes };
}
