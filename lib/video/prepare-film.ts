import path from 'node:path';
import { unwritable } from '../image/encode.js';
import type { Size } from '../size.js';
import type { Accompaniment, EncodeSettings } from './encode-args.js';
import { chooseEncoding, colourOf, type FilmEncoding, type ToEncode } from './encoding.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { Colour, Track } from './film.js';
import { bytesOf, type FrameShape } from './frame.js';
import type { PixelFormat } from './pixel-format.js';
import type { Rational } from './rational.js';
import { type KeptTrack, planTracks } from './tracks.js';
import { FilmWriter } from './write-film.js';

/** What a film is to be made of and like. */
export interface FilmPlanInput extends ToEncode {
  /** Whether the size is of the user's choosing: then an odd side is rounded, and not cut. */
  readonly resized: boolean;
  readonly colour: Colour;
  readonly pixelAspect: Rational | undefined;
  readonly rate: Rational | undefined;
  readonly nominalRate: Rational | undefined;
  /** The source, where it is a film. */
  readonly sourceFilm: (Omit<Accompaniment, 'tracks'> & { readonly tracks: readonly Track[] }) | undefined;
  /** Where a film may be begun for a trial. */
  readonly trialFile: string;
}

export interface FilmPlan {
  readonly settings: EncodeSettings;
  /** That frames are read in. */
  readonly size: Size;
  readonly notes: readonly string[];
}

async function encodingOf(
  ffmpeg: Ffmpeg,
  given: FilmPlanInput,
  formats: readonly PixelFormat[],
  signal?: AbortSignal,
): Promise<{ readonly encoding: FilmEncoding; readonly size: Size }> {
  const encoding = await chooseEncoding(ffmpeg, given, formats, signal);
  if (!given.resized) return { encoding, size: given.size };
  const { size } = encoding;
  return { encoding: await chooseEncoding(ffmpeg, { ...given, size }, formats, signal), size };
}

/** Long enough for a header that needs some packets. */
const TRIAL_SECONDS = 0.2;

/** Begins a film of black frames with these tracks; why that cannot be, or undefined where it can. */
async function begin(
  ffmpeg: Ffmpeg,
  settings: EncodeSettings,
  shape: FrameShape,
  file: string,
  signal?: AbortSignal,
): Promise<Error | undefined> {
  const { nominalRate } = settings;
  const clock = nominalRate ? { num: nominalRate.den, den: nominalRate.num } : { num: 1, den: 25 };
  const data = Buffer.alloc(bytesOf(shape));
  const writer = new FilmWriter(ffmpeg, settings, {
    what: 'A film cannot be begun',
    file,
    shape,
    clock,
    first: 0n,
    signal,
  });
  try {
    for (const time of [0n, 1n]) await writer.write({ ...shape, data, time, length: 1n });
    await writer.finish();
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    await writer.abandon();
    return error as Error;
  }
}

/**
 * Decides how a film is encoded and which tracks it gets, and tries that with two black frames: what cannot be is said before
 * anything is dreamed. Throws a RangeError for a codec that is not there; ERR_LIVEDREAM_FFMPEG_FAILED, _OUTPUT_UNWRITABLE.
 */
export async function planFilm(
  ffmpeg: Ffmpeg,
  given: FilmPlanInput,
  formats: readonly PixelFormat[],
  signal?: AbortSignal,
): Promise<FilmPlan> {
  const { encoding, size } = await encodingOf(ffmpeg, given, formats, signal);
  const { pixelAspect, rate, nominalRate, pixels, sourceFilm: source, file, trialFile } = given;
  const common = { encoding, colour: colourOf(given.colour, pixels, size), pixelAspect, rate, nominalRate };
  const shape: FrameShape = { ...size, channels: pixels.alpha ? 4 : 3, bits: pixels.depth > 8 ? 16 : 8 };
  const attempt = (tracks: readonly KeptTrack[], trial: boolean): EncodeSettings => ({
    ...common,
    accompaniment: source && { ...source, ...(trial ? { duration: TRIAL_SECONDS } : {}), tracks },
  });
  const failure = await begin(ffmpeg, attempt([], true), shape, trialFile, signal);
  // As ffmpeg 4 to 6, and as later ones say it.
  if (failure && /suitable output format|use a standard extension/.test(failure.message))
    throw unwritable(`'${file}'`, `ffmpeg knows no type of film by the extension '${path.extname(file)}'`, failure);
  if (failure) throw failure;
  const plan = await planTracks(source?.tracks ?? [], async (tracks) => {
    return !(await begin(ffmpeg, attempt(tracks, true), shape, trialFile, signal));
  });
  return { settings: attempt(plan.tracks, false), size, notes: [...encoding.notes, ...plan.notes] };
}
