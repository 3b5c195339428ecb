import type { Size } from '../size.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { PixelFormat } from './pixel-format.js';
import { type ProbedStream, type ProbeReport, probe, unreadableFilm } from './probe.js';
import { parseRational, quotient, type Rational } from './rational.js';

/** How numbers become colours, in ffmpeg's words; undefined where the film does not say. */
export interface Colour {
  readonly range: string | undefined;
  readonly matrix: string | undefined;
  readonly primaries: string | undefined;
  readonly transfer: string | undefined;
}

export interface Track {
  /** Of the stream in its file. */
  readonly index: number;
  readonly kind: 'audio' | 'subtitle';
  readonly codec: string;
}

/** What a film is, by its header; what it says of its length may be wrong. */
export interface Film {
  readonly file: string;
  /** Of the stream that holds the pictures. */
  readonly index: number;
  readonly codec: string;
  /** Upright. */
  readonly size: Size;
  /** Width to height of a pixel, upright; undefined where they are square. */
  readonly pixelAspect: Rational | undefined;
  /** Undefined where it varies or is unknown. */
  readonly rate: Rational | undefined;
  /** The rate that frames are shown at where nothing else is said of one: of a varying one, what it has at least between two. */
  readonly nominalRate: Rational | undefined;
  /** Frames a second on average, where that is known. */
  readonly averageRate: number | undefined;
  readonly seconds: number | undefined;
  /** How many it should have, by its header's count or by rate and length. */
  readonly frames: number | undefined;
  readonly pixels: PixelFormat;
  readonly colour: Colour;
  readonly tracks: readonly Track[];
  /** The decoder that gives the transparency which ffmpeg's usual one drops; undefined: the usual. */
  readonly decoder: string | undefined;
}

function number(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

function isTurned({ side_data_list, tags }: ProbedStream): boolean {
  const rotation =
    side_data_list.find(({ rotation: found }) => found !== undefined)?.rotation ?? Number(tags['rotate']);
  return Math.abs(rotation % 180) === 90;
}

/** VP8 and VP9 keep transparency in a second film that only libvpx's decoder looks at. */
function decoderOf({ codec_name, tags }: ProbedStream): string | undefined {
  const alpha = Object.entries(tags).some(([name, value]) => name.toLowerCase() === 'alpha_mode' && value === '1');
  if (!alpha) return undefined;
  return codec_name === 'vp9' ? 'libvpx-vp9' : codec_name === 'vp8' ? 'libvpx' : undefined;
}

function known(text: string | undefined): string | undefined {
  return text === undefined || /^(unknown|unspecified|reserved)$/.test(text) ? undefined : text;
}

function aspectOf(stream: ProbedStream, turned: boolean): Rational | undefined {
  const aspect = parseRational(stream.sample_aspect_ratio);
  if (!aspect || aspect.num === aspect.den) return undefined;
  return turned ? { num: aspect.den, den: aspect.num } : aspect;
}

/** No more frames a second than this are believed: a clock that is finer than the film's pictures may seem its rate. */
const MOST_RATE = 240;

function nominalRate({ r_frame_rate, avg_frame_rate }: ProbedStream): Rational | undefined {
  const real = parseRational(r_frame_rate);
  return real && quotient(real) <= MOST_RATE ? real : parseRational(avg_frame_rate);
}

/** A rate that holds for all frames: what a film has at least between two of them is what it has on average. */
function constantRate({ r_frame_rate, avg_frame_rate }: ProbedStream): Rational | undefined {
  const [real, average] = [parseRational(r_frame_rate), parseRational(avg_frame_rate)];
  return real && average && real.num * average.den === average.num * real.den ? average : undefined;
}

function pixelsOf(stream: ProbedStream, formats: readonly PixelFormat[], alpha: boolean, file: string): PixelFormat {
  const found = formats.find(({ name }) => name === stream.pix_fmt);
  if (!found)
    throw unreadableFilm(file, `ffmpeg cannot decode its pictures (${stream.codec_name ?? 'of no known codec'})`);
  return alpha ? { ...found, alpha: true } : found;
}

function tracksOf(streams: readonly ProbedStream[]): Track[] {
  return streams.flatMap(({ index, codec_type, codec_name = 'unknown' }) =>
    codec_type === 'audio' || codec_type === 'subtitle' ? [{ index, kind: codec_type, codec: codec_name }] : [],
  );
}

/** What a report says of the film. Throws ERR_LIVEDREAM_VIDEO_UNREADABLE where there are no pictures in it. */
export function describeFilm(file: string, { streams, format, pixel_formats: formats }: ProbeReport): Film {
  const pictures = streams.filter(({ codec_type }) => codec_type === 'video');
  // A cover is a picture that belongs to the sound.
  const stream = pictures.find(({ disposition }) => disposition.attached_pic === 0);
  if (streams.length === 0) throw unreadableFilm(file, 'it has no frames');
  if (!stream) throw unreadableFilm(file, 'it has no pictures, only sound or text');
  const { width = 0, height = 0 } = stream;
  if (width < 1 || height < 1) throw unreadableFilm(file, 'it does not say how large its pictures are');
  const turned = isTurned(stream);
  const decoder = decoderOf(stream);
  const seconds = number(stream.duration) ?? number(format.duration);
  const average = parseRational(stream.avg_frame_rate);
  const averageRate = average && quotient(average);
  const counted = number(stream.nb_frames);
  const estimated = seconds && averageRate ? Math.max(1, Math.round(seconds * averageRate)) : undefined;
  return {
    file,
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    size: turned ? { width: height, height: width } : { width, height },
    pixelAspect: aspectOf(stream, turned),
    rate: constantRate(stream),
    nominalRate: nominalRate(stream),
    averageRate,
    seconds,
    frames: counted ?? estimated,
    pixels: pixelsOf(stream, formats, decoder !== undefined, file),
    colour: {
      range: known(stream.color_range),
      matrix: known(stream.color_space),
      primaries: known(stream.color_primaries),
      transfer: known(stream.color_transfer),
    },
    tracks: tracksOf(streams),
    decoder,
  };
}

/** A film and the pixel formats that this ffmpeg knows. */
export interface OpenFilm {
  readonly film: Film;
  readonly formats: readonly PixelFormat[];
}

/** Rejects with ERR_LIVEDREAM_VIDEO_UNREADABLE. */
export async function openFilm(ffmpeg: Ffmpeg, file: string, signal?: AbortSignal): Promise<OpenFilm> {
  const report = await probe(ffmpeg, file, signal);
  return { film: describeFilm(file, report), formats: report.pixel_formats };
}
