import { chmod, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { unwritable } from '../image/encode.js';
import { findPlace } from '../image/place.js';
import type { EncodeSettings } from './encode-args.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { Frame } from './frame.js';
import type { FrameSink } from './frame-source.js';
import type { Rational } from './rational.js';
import { FilmWriter } from './write-film.js';

export interface FilmSinkParts {
  readonly settings: EncodeSettings;
  /** Where the film goes in the end. */
  readonly file: string;
  /** Where it is written until it is whole: on the same disk. */
  readonly temporary: string;
  readonly signal?: AbortSignal | undefined;
}

/** On the disk before it has its name: or a power failure might leave the name with nothing behind it. */
async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a whole file in its place; links are followed, and a file that is replaced keeps its mode. */
async function putInPlace(temporary: string, file: string): Promise<void> {
  try {
    await sync(temporary);
    const place = await findPlace(file);
    if (place.there) await chmod(temporary, Number(place.there.mode) & 0o7777).catch(() => undefined);
    await rename(temporary, place.path);
  } catch (error) {
    throw unwritable(`'${file}'`, error instanceof Error ? error.message : String(error), error);
  }
}

/** Frames that become a film. */
export class FilmSink implements FrameSink {
  readonly #ffmpeg: Ffmpeg;
  readonly #parts: FilmSinkParts;
  #writer: FilmWriter | undefined;

  constructor(ffmpeg: Ffmpeg, parts: FilmSinkParts) {
    this.#ffmpeg = ffmpeg;
    this.#parts = parts;
  }

  async write(frame: Frame, clock: Rational): Promise<void> {
    const { settings, file, temporary, signal } = this.#parts;
    this.#writer ??= new FilmWriter(this.#ffmpeg, settings, {
      what: `'${path.basename(file)}' cannot be written`,
      file: temporary,
      shape: frame,
      clock,
      first: frame.time,
      signal,
    });
    await this.#writer.write(frame);
  }

  async finish(): Promise<void> {
    await this.#writer?.finish();
    await putInPlace(this.#parts.temporary, this.#parts.file);
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
    await rm(this.#parts.temporary, { force: true });
  }
}
