import type { Readable } from 'node:stream';
import type { Size } from '../size.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { Film } from './film.js';
import { bytesOf, type Frame, type FrameShape, pixelName } from './frame.js';
import { FrameTimes } from './frame-times.js';
import { fileInput, unreadableFilm } from './probe.js';
import { type Ending, FfmpegProcess, ffmpegFailure, inOneLine } from './process.js';
import type { Rational } from './rational.js';

/** Which part of a film, in seconds. */
export interface Cut {
  readonly start: number | undefined;
  readonly duration: number | undefined;
}

export interface ReadFilm extends Cut {
  /** That the frames are brought to. */
  readonly size: Size;
  /** Whether a transparency that is there is read. */
  readonly alpha: boolean;
  /** Whether more than 8 bits a colour are read where they are there. */
  readonly deep: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Options before an input that cut it. */
export function cutArgs({ start, duration }: Cut): string[] {
  return [...(start ? ['-ss', String(start)] : []), ...(duration ? ['-t', String(duration)] : [])];
}

/** What swscale does in any case: as good as it can, and the same on every processor. */
export const SCALING = 'accurate_rnd+full_chroma_int+full_chroma_inp+bitexact+lanczos';

/** Quiet, asking nobody, the same bytes each time. */
export const QUIET = ['-hide_banner', '-v', 'error', '-nostdin'] as const;

function shapeOf({ pixels }: Film, { size, alpha, deep }: ReadFilm): FrameShape {
  return { ...size, channels: alpha && pixels.alpha ? 4 : 3, bits: deep && pixels.depth > 8 ? 16 : 8 };
}

function decodeArgs({ passthrough, sourceTimeBase }: Ffmpeg, film: Film, options: ReadFilm): string[] {
  const { width, height } = options.size;
  const pixels = pixelName(shapeOf(film, options));
  const scale = `scale=${width}:${height}:flags=${SCALING},format=${pixels}`;
  const timed = [...passthrough, '-enc_time_base', sourceTimeBase, '-flush_packets', '1'];
  return [
    ...QUIET,
    ...(film.decoder === undefined ? [] : ['-c:v', film.decoder]),
    ...cutArgs(options),
    ...[...fileInput(film.file), '-filter_complex', `[0:${film.index}]${scale},split[pixels][times]`],
    ...['-map', '[pixels]', ...timed, '-c:v', 'rawvideo', '-f', 'rawvideo', 'pipe:1'],
    // Only their times are looked at, and so no pixel of them is copied.
    ...['-map', '[times]', ...timed, '-c:v', 'wrapped_avframe', '-f', 'framecrc', 'pipe:3'],
  ];
}

/** Pieces of that many bytes; a last one that is not whole is left out. */
async function* pieces(stream: Readable, bytes: number): AsyncGenerator<Buffer, void, undefined> {
  let piece = Buffer.allocUnsafe(bytes);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; ) {
      const copied = chunk.copy(piece, filled, from);
      from += copied;
      filled += copied;
      if (filled < bytes) continue;
      yield piece;
      piece = Buffer.allocUnsafe(bytes);
      filled = 0;
    }
  }
}

/** The frames of a film, one after another, as fast as they are taken. Leaving the loop ends ffmpeg. */
export class FilmReader {
  readonly #ffmpeg: Ffmpeg;
  readonly #film: Film;
  readonly #options: ReadFilm;
  #clock: Rational = { num: 1, den: 1_000_000 };
  #said = '';

  constructor(ffmpeg: Ffmpeg, film: Film, options: ReadFilm) {
    this.#ffmpeg = ffmpeg;
    this.#film = film;
    this.#options = options;
  }

  get shape(): FrameShape {
    return shapeOf(this.#film, this.#options);
  }

  /** A tick in seconds, known with the first frame. */
  get clock(): Rational {
    return this.#clock;
  }

  /** What ffmpeg complained of on its way, as of damaged parts; known at the end. */
  get complaint(): string {
    return this.#said;
  }

  /** Rejects with ERR_LIVEDREAM_VIDEO_UNREADABLE where there is none, ERR_LIVEDREAM_FFMPEG_FAILED after those that there were. */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    const { signal } = this.#options;
    const running = new FfmpegProcess(this.#ffmpeg.ffmpeg, decodeArgs(this.#ffmpeg, this.#film, this.#options), signal);
    running.stdin.end();
    const times = new FrameTimes(running.beside);
    let frames = 0;
    try {
      for await (const data of pieces(running.stdout, bytesOf(this.shape))) {
        const time = await times.next();
        if (time === undefined) break;
        this.#clock = times.clock ?? this.#clock;
        frames += 1;
        yield { ...this.shape, data, ...time };
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw unreadableFilm(this.#film.file, error instanceof Error ? error.message : String(error), error);
    } finally {
      // What has ended by itself keeps how it ended, once all that it wrote is read.
      if (!running.stdout.readableEnded) running.kill();
      else while ((await times.next()) !== undefined);
    }
    const ending = await running.ended;
    signal?.throwIfAborted();
    this.#said = inOneLine(ending.said);
    this.#check(frames, ending);
  }

  #check(frames: number, ending: Ending): void {
    const { file } = this.#film;
    if (ending.killed !== null) throw ffmpegFailure(`The film '${file}' was read up to frame ${frames}`, ending);
    if (frames === 0) {
      const { start, duration } = this.#options;
      const part = start || duration ? 'in the part that was asked for' : '';
      const why = ['it has no frames', part].filter(Boolean).join(' ');
      throw unreadableFilm(file, this.#said === '' ? why : `${why}: ${this.#said}`);
    }
    if (ending.code !== 0) throw ffmpegFailure(`The film '${file}' was read up to frame ${frames}`, ending);
  }
}
