import { type EncodeSettings, encodeArgs } from './encode-args.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { Frame, FrameShape } from './frame.js';
import { matroskaFrameHead, matroskaHeader } from './matroska.js';
import { FfmpegProcess, ffmpegFailure } from './process.js';
import { type Rational, seconds } from './rational.js';
import { writeAll } from './write-stream.js';

/** Writes a film of frames, each at its own time, with the sound of its source. */
export class FilmWriter {
  readonly #what: string;
  readonly #settings: EncodeSettings;
  readonly #running: FfmpegProcess;
  readonly #clock: Rational;
  readonly #first: bigint;
  #begun = false;
  #failed: Error | undefined;

  /** @param what the film in messages; `file` is where it is written, which is not yet its own name */
  constructor(
    ffmpeg: Ffmpeg,
    settings: EncodeSettings,
    given: {
      readonly what: string;
      readonly file: string;
      readonly shape: FrameShape;
      readonly clock: Rational;
      /** When the first frame is shown, in ticks. */
      readonly first: bigint;
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.#what = given.what;
    this.#settings = settings;
    this.#clock = given.clock;
    this.#first = given.first;
    const { shape, clock, file } = given;
    const args = encodeArgs(ffmpeg, settings, { shape, clock, file, first: seconds(given.first, clock) });
    this.#running = new FfmpegProcess(ffmpeg.ffmpeg, args, given.signal);
    this.#running.stdout.resume();
    this.#running.beside.resume();
    void this.#running.ended.then((ending) => {
      if (ending.code !== 0) this.#failed = ffmpegFailure(this.#what, ending);
    });
  }

  /** Rejects where ffmpeg has ended: ERR_LIVEDREAM_FFMPEG_FAILED, or ERR_LIVEDREAM_OUTPUT_UNWRITABLE of a full disk. */
  async write(frame: Frame): Promise<void> {
    const { stdin } = this.#running;
    if (!this.#begun) await writeAll(stdin, matroskaHeader(frame, this.#settings.nominalRate));
    this.#begun = true;
    const shown = { ...frame, time: frame.time - this.#first };
    await writeAll(stdin, matroskaFrameHead(shown, this.#clock), frame.data);
    if (stdin.destroyed) await this.finish();
  }

  /** The last frame was written: the film is whole when this resolves. */
  async finish(): Promise<void> {
    this.#running.stdin.end();
    const ending = await this.#running.ended;
    if (ending.code !== 0) throw this.#failed ?? ffmpegFailure(this.#what, ending);
  }

  /** Gives up; resolves when ffmpeg has gone. */
  async abandon(): Promise<void> {
    this.#running.kill();
    await this.#running.ended;
  }
}
