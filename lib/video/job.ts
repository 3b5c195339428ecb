import { checkReadable } from '../image/decode.js';
import { fitted } from '../image/open.js';
import type { Size } from '../size.js';
import { type Ffmpeg, findFfmpeg } from './ffmpeg.js';
import { type Film, openFilm } from './film.js';
import { FilmSink } from './film-sink.js';
import type { FramesInput } from './find-frames.js';
import type { FrameSink, FrameSource } from './frame-source.js';
import { PictureSink, PictureSource } from './pictures.js';
import type { PixelFormat } from './pixel-format.js';
import { type FilmPlan, planFilm } from './prepare-film.js';
import { probePixelFormats } from './probe.js';
import type { Rational } from './rational.js';
import { type Cut, FilmReader } from './read-film.js';

/** What a user asks of a film beside its dream. */
export interface VideoRequest extends Cut {
  readonly input: FramesInput;
  /** Of the frames; undefined: their own. */
  readonly longestSide: number | undefined;
  readonly codec: string | undefined;
  readonly quality: number | undefined;
  readonly rate: number;
}

/** Where it all goes. */
export type VideoOutput =
  | { readonly kind: 'film'; readonly file: string /** On its disk. */; readonly temporary: string }
  | { readonly kind: 'pictures'; readonly nameOf: (place: number) => string };

/** Ready to run: frames from somewhere to somewhere. */
export interface VideoJob {
  readonly source: FrameSource;
  readonly sink: FrameSink;
  /** Of the frames that are dreamed. */
  readonly size: Size;
  /** Of a film that is written. */
  readonly plan: FilmPlan | undefined;
  readonly notes: readonly string[];
}

const QUALITY = { film: 65, pictures: 92 } as const;
/** A rate that is no fraction yet: 29.97 is 2997/100. */
const RATE_STEPS = 1000;

export function rateOf(rate: number): Rational {
  return Number.isInteger(rate) ? { num: rate, den: 1 } : { num: Math.round(rate * RATE_STEPS), den: RATE_STEPS };
}

/** Of a film without them. */
const NO_COLOUR = { range: undefined, matrix: undefined, primaries: undefined, transfer: undefined } as const;
/** What pictures are read as. */
const RGB: PixelFormat = {
  ...{ name: 'rgb24', alpha: false, rgb: true, depth: 8, colours: true, writable: true },
  shared: { width: 1, height: 1 },
};

/** Of frames that become pictures. */
export function pictureSink(nameOf: (place: number) => string, quality: number | undefined): FrameSink {
  return new PictureSink(nameOf, quality ?? QUALITY.pictures);
}

interface Parts {
  readonly request: VideoRequest;
  readonly output: VideoOutput;
  readonly signal: AbortSignal;
}

/** What is read of a film's frames: pictures have bytes. */
export function readFor(kind: VideoOutput['kind']): { readonly alpha: boolean; readonly deep: boolean } {
  return { alpha: true, deep: kind === 'film' };
}

/** How many of its frames are in the part that is asked for. */
function expectedOf({ frames, seconds, averageRate }: Film, { start = 0, duration }: Cut): number | undefined {
  if (start === 0 && duration === undefined) return frames;
  if (seconds === undefined || averageRate === undefined) return undefined;
  return Math.max(0, Math.round(Math.min(seconds - start, duration ?? seconds) * averageRate));
}

/** A film's reader, with what its length should be. */
class FilmSource extends FilmReader implements FrameSource {
  readonly expected: number | undefined;
  readonly promised: number | undefined;

  constructor(ffmpeg: Ffmpeg, film: Film, options: ConstructorParameters<typeof FilmReader>[2]) {
    super(ffmpeg, film, options);
    this.expected = expectedOf(film, options);
    // Of a part nobody knows better than ffmpeg.
    this.promised = options.start || options.duration ? undefined : film.frames;
  }
}

async function filmJob(file: string, { request, output, signal }: Parts): Promise<VideoJob> {
  const ffmpeg = await findFfmpeg(signal);
  const { start, duration, longestSide } = request;
  const { film, formats } = await openFilm(ffmpeg, file, signal);
  const size = fitted(film.size, longestSide);
  const cut = { start, duration };
  const resized = longestSide !== undefined;
  if (output.kind === 'pictures') {
    const source = new FilmSource(ffmpeg, film, { ...cut, ...readFor(output.kind), size, signal });
    const sink = pictureSink(output.nameOf, request.quality);
    return { source, sink, size, plan: undefined, notes: [] };
  }
  const { file: target, temporary } = output;
  const { codec, quality = QUALITY.film } = request;
  const asked = { file: target, size, resized, source: film.codec, codec, quality, trialFile: temporary };
  const sourceFilm = { ...cut, file, tracks: film.tracks };
  const plan = await planFilm(ffmpeg, { ...film, ...asked, sourceFilm }, formats, signal);
  const source = new FilmSource(ffmpeg, film, { ...cut, ...readFor(output.kind), size: plan.size, signal });
  const sink = new FilmSink(ffmpeg, { settings: plan.settings, file: target, temporary, signal });
  return { source, sink, size: plan.size, plan, notes: plan.notes };
}

export interface PlainFilm {
  readonly file: string;
  readonly temporary: string;
  readonly size: Size;
  readonly rate: number;
  readonly codec: string | undefined;
  readonly quality: number | undefined;
  readonly signal: AbortSignal;
}

/** A film that is made of pictures: in sRGB, of a steady rate, without sound. */
export async function openPlainFilm(given: PlainFilm): Promise<{ readonly plan: FilmPlan; readonly sink: FrameSink }> {
  const { file, temporary, size, codec, quality = QUALITY.film, signal } = given;
  const ffmpeg = await findFfmpeg(signal);
  const rate = rateOf(given.rate);
  const asked = { file, size, resized: false, source: 'pictures', codec, quality, trialFile: temporary, pixels: RGB };
  const film = { colour: NO_COLOUR, pixelAspect: undefined, rate, nominalRate: rate, sourceFilm: undefined };
  const plan = await planFilm(ffmpeg, { ...film, ...asked }, await probePixelFormats(ffmpeg, signal), signal);
  return { plan, sink: new FilmSink(ffmpeg, { settings: plan.settings, file, temporary, signal }) };
}

async function picturesJob(files: readonly string[], { request, output, signal }: Parts): Promise<VideoJob> {
  const rate = rateOf(request.rate);
  const [first = ''] = files;
  const { longestSide } = request;
  const own = await checkReadable(first, { page: undefined, size: undefined });
  const size = fitted(own, longestSide);
  const common = { files, size: longestSide, rate, signal };
  if (output.kind === 'pictures') {
    const sink = pictureSink(output.nameOf, request.quality);
    return { source: new PictureSource({ ...common, alike: undefined }), sink, size, plan: undefined, notes: [] };
  }
  const { plan, sink } = await openPlainFilm({ ...output, ...request, size, signal });
  return { source: new PictureSource({ ...common, alike: own }), sink, size, plan, notes: plan.notes };
}

/**
 * Opens what is to be dreamed, and decides how it is written.
 * Rejects with ERR_LIVEDREAM_VIDEO_UNREADABLE, _IMAGE_UNREADABLE, _FFMPEG_FAILED, _OUTPUT_UNWRITABLE, or a RangeError.
 */
export async function openJob(parts: Parts): Promise<VideoJob> {
  const { input } = parts.request;
  return input.kind === 'pictures' ? picturesJob(input.files, parts) : filmJob(input.file, parts);
}
