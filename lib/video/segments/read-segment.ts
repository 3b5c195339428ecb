import { LiveDreamError } from '../../errors.js';
import type { Ffmpeg } from '../ffmpeg.js';
import { type Film, openFilm } from '../film.js';
import type { FramesInput } from '../find-frames.js';
import type { Frame } from '../frame.js';
import { rateOf, readFor } from '../job.js';
import { PictureSource } from '../pictures.js';
import { FilmReader } from '../read-film.js';
import { ffmpegOnce } from './ffmpeg-once.js';
import type { FrameMark, Segment, SegmentManifest } from './film-plan.js';
import { frameHash } from './frame-hash.js';
import { seeksOf } from './seek.js';

export interface SegmentSource {
  readonly manifest: SegmentManifest;
  readonly segment: Segment;
  /** The film; or the pictures of this segment, in their order. */
  readonly input: FramesInput;
  readonly signal?: AbortSignal | undefined;
}

/** One way to come to a segment's frames: those that it gives from the first on are to be the segment's. */
type Way = () => AsyncGenerator<Frame, void, undefined>;

/** ERR_LIVEDREAM_SEGMENT_MISMATCH. */
export function mismatch(what: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_SEGMENT_MISMATCH', `${what}.`, { cause });
}

/** The frames of a segment, as they were planned. */
export class SegmentReader {
  readonly #source: SegmentSource;
  #decoded = 0;

  constructor(source: SegmentSource) {
    this.#source = source;
  }

  /** How many frames were read for it, with those before it. */
  get decoded(): number {
    return this.#decoded;
  }

  /**
   * Sought, and where other frames come than were planned, read from the film's beginning.
   * Rejects with ERR_LIVEDREAM_SEGMENT_MISMATCH where they do not come then either.
   */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    const { segment, signal } = this.#source;
    const ways = await this.#ways();
    let found = 0;
    let fault: unknown;
    for (const way of ways) {
      let place = 0;
      try {
        for await (const frame of way()) {
          const mark = segment.marks[place] as FrameMark;
          place += 1;
          // Given already, when it was found in another way.
          if (place <= found) continue;
          if (frameHash(frame) !== mark[2]) break;
          found = place;
          yield { ...frame, time: BigInt(mark[0]), length: BigInt(mark[1]) };
          if (found === segment.count) return;
        }
      } catch (error) {
        signal?.throwIfAborted();
        fault = error;
      }
    }
    const number = segment.first + found;
    throw mismatch(`Frame ${number} of '${this.#name}' is not the one that was planned`, fault);
  }

  get #name(): string {
    const { input } = this.#source;
    return input.kind === 'film' ? input.file : (input.files[0] ?? '');
  }

  async #ways(): Promise<readonly Way[]> {
    const { manifest, segment, input, signal } = this.#source;
    const { start = 0, longestSide, rate, output } = manifest.request;
    if (input.kind === 'pictures') {
      const alike = output.kind === 'film' ? manifest.size : undefined;
      const pictures = new PictureSource({ files: input.files, size: longestSide, alike, rate: rateOf(rate), signal });
      return [() => this.#counted(pictures.frames(), () => true)];
    }
    const ffmpeg = await ffmpegOnce(signal);
    const { film } = await openFilm(ffmpeg, input.file, signal);
    const sought = seeksOf(segment, manifest.clock, start).map(({ start: at, from }): Way => {
      const reader = this.#reader(ffmpeg, film, { start: at, duration: undefined });
      return () =>
        this.#counted(reader.frames(), ({ time }) => {
          checkClock(reader, manifest);
          return time >= from;
        });
    });
    const { duration } = manifest.request;
    const whole = this.#reader(ffmpeg, film, { start, duration });
    return [...sought, () => this.#counted(whole.frames(), (_frame, number) => number >= segment.first)];
  }

  #reader(ffmpeg: Ffmpeg, film: Film, cut: { start: number; duration: number | undefined }): FilmReader {
    const { manifest, signal } = this.#source;
    return new FilmReader(ffmpeg, film, {
      ...{ ...cut, ...readFor(manifest.request.output.kind), size: manifest.size, signal },
    });
  }

  /** From the first on that is meant. */
  async *#counted(
    frames: AsyncGenerator<Frame, void, undefined>,
    isMeant: (frame: Frame, number: number) => boolean,
  ): AsyncGenerator<Frame, void, undefined> {
    let number = 0;
    let begun = false;
    for await (const frame of frames) {
      this.#decoded += 1;
      begun ||= isMeant(frame, number);
      if (begun) yield frame;
      number += 1;
    }
  }
}

function checkClock({ clock }: FilmReader, { clock: planned }: SegmentManifest): void {
  if (clock.num !== planned.num || clock.den !== planned.den) throw mismatch('The film has another clock');
}
