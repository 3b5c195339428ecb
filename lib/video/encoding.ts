import path from 'node:path';
import { optionRangeError } from '../errors.js';
import type { Size } from '../size.js';
import { encodersFor, traitsOf } from './encoders.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { Colour } from './film.js';
import { nearestFormat, type PixelFormat, wantedOf } from './pixel-format.js';
import { outputOf } from './process.js';

/** How a film is written. */
export interface FilmEncoding {
  /** Undefined: ffmpeg's own choice for the file. */
  readonly encoder: string | undefined;
  readonly pixels: PixelFormat | undefined;
  readonly quality: number;
  /** What the frames are cut to: an odd side loses a row or column where pixels share their colour. */
  readonly size: Size;
  /** What becomes of the source otherwise than one would expect, in sentences. */
  readonly notes: readonly string[];
}

/** What is written: the frames' size, and what of the source is to be kept. */
export interface ToEncode {
  readonly file: string;
  readonly size: Size;
  readonly pixels: PixelFormat;
  /** The codec of the source. */
  readonly source: string;
  /** Asked for. */
  readonly codec: string | undefined;
  readonly quality: number;
}

/** The names of the formats that an encoder takes; undefined where this ffmpeg has no such encoder. */
async function formatsOf(
  { ffmpeg }: Ffmpeg,
  encoder: string,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const { stdout } = await outputOf(ffmpeg, ['-hide_banner', '-h', `encoder=${encoder}`], signal);
  if (!/^Encoder /m.test(stdout)) return undefined;
  return /Supported pixel formats: (.*)/.exec(stdout)?.[1]?.trim().split(/\s+/) ?? [];
}

interface Found {
  readonly encoder: string;
  readonly formats: readonly string[];
}

async function findEncoder(ffmpeg: Ffmpeg, names: readonly string[], signal?: AbortSignal): Promise<Found | undefined> {
  for (const encoder of names) {
    // What would be another option to ffmpeg is no encoder's name.
    const formats = /^[\w-]+$/.test(encoder) ? await formatsOf(ffmpeg, encoder, signal) : undefined;
    if (formats) return { encoder, formats };
  }
  return undefined;
}

function evenSize({ width, height }: Size, { shared }: PixelFormat): Size {
  const whole = (side: number, unit: number): number => Math.max(unit, side - (side % unit));
  return { width: whole(width, shared.width), height: whole(height, shared.height) };
}

function notesOn(given: ToEncode, pixels: PixelFormat, size: Size, encoder: string): string[] {
  const notes: string[] = [];
  const { pixels: from } = given;
  // ffmpeg reads every GIF as if it had transparency.
  if (from.alpha && !pixels.alpha && given.source !== 'gif')
    notes.push(`${encoder} holds no transparency, which is put on black: a .webm, or a .mov, keeps it`);
  if (from.depth > 8 && pixels.depth < Math.min(from.depth, 10))
    notes.push(`${encoder} holds ${pixels.depth} bits a colour, and the film has ${from.depth}`);
  if (size.width !== given.size.width || size.height !== given.size.height)
    notes.push(
      `${encoder} takes no odd size, so ${given.size.width} x ${given.size.height} is cut to ${size.width} x ${size.height}`,
    );
  return notes;
}

/** Chooses an encoder that this ffmpeg has and the pixels that lose least. Throws a RangeError for a codec that it has not. */
export async function chooseEncoding(
  ffmpeg: Ffmpeg,
  given: ToEncode,
  formats: readonly PixelFormat[],
  signal?: AbortSignal,
): Promise<FilmEncoding> {
  const { file, codec, quality, size } = given;
  const names = encodersFor(path.extname(file).slice(1).toLowerCase(), codec, given.pixels.alpha);
  const found = await findEncoder(ffmpeg, names, signal);
  if (!found && codec !== undefined)
    throw optionRangeError(
      'codec',
      `an encoder of this ffmpeg (${ffmpeg.version}; ffmpeg -encoders lists them)`,
      codec,
    );
  if (!found) return { encoder: undefined, pixels: undefined, quality, size: evenSize(size, EVEN), notes: [] };
  const { encoder } = found;
  const traits = traitsOf(encoder);
  const taken = formats.filter(({ name, writable }) => writable && found.formats.includes(name));
  // In the encoder's own order, the first of which it does best.
  taken.sort((a, b) => found.formats.indexOf(a.name) - found.formats.indexOf(b.name));
  const pixels = nearestFormat(taken, wantedOf(given.pixels, traits.exact === true));
  if (!pixels) return { encoder, pixels, quality, size, notes: [] };
  const cut = traits.odd ? size : evenSize(size, pixels);
  return { encoder, pixels, quality, size: cut, notes: notesOn(given, pixels, cut, encoder) };
}

/** Of an encoder of which nothing is known: yuv420p as most have it. */
const EVEN: PixelFormat = {
  name: 'yuv420p',
  alpha: false,
  rgb: false,
  depth: 8,
  colours: true,
  writable: true,
  shared: { width: 2, height: 2 },
};

/** The colours of a film that is written: those of the source, and where that was RGB what its new size lets players expect. */
export function colourOf(source: Colour, from: PixelFormat, { height }: Size): Colour {
  if (!from.rgb && source.matrix !== 'gbr') return { ...source, range: source.range ?? 'tv' };
  const matrix = height >= 720 ? 'bt709' : 'smpte170m';
  return { ...source, matrix, range: 'tv' };
}
