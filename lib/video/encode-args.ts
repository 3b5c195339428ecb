import { traitsOf } from './encoders.js';
import type { FilmEncoding } from './encoding.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { Colour } from './film.js';
import type { FrameShape } from './frame.js';
import { fileInput, fileUrl } from './probe.js';
import { formatRational, type Rational } from './rational.js';
import { type Cut, cutArgs, QUIET, SCALING } from './read-film.js';
import type { KeptTrack } from './tracks.js';

/** Sound and text of the source, its title and chapters. */
export interface Accompaniment extends Cut {
  readonly file: string;
  readonly tracks: readonly KeptTrack[];
}

export interface EncodeSettings {
  readonly encoding: FilmEncoding;
  readonly colour: Colour;
  readonly pixelAspect: Rational | undefined;
  /** Where one holds for all frames. */
  readonly rate: Rational | undefined;
  /** Of the last frame too, whose length nothing else tells. */
  readonly nominalRate: Rational | undefined;
  /** Undefined where the source is no film. */
  readonly accompaniment: Accompaniment | undefined;
}

/** How many threads encode: they decide about bytes, so it is the same number on every machine. */
const THREADS = '4';
/** Of an encoder that takes no fine clock, where the rate varies. */
const COARSE: Rational = { num: 1, den: 1000 };

/** swscale's names for matrices. */
const MATRICES: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  fcc: 'fcc',
  bt470bg: 'bt470',
  smpte170m: 'smpte170m',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
};
/** What swscale takes where a film does not say. */
const UNSAID = 'bt601';

/** Of a palette for each frame: one for the whole film would have to wait for its end. */
const PALETTE =
  'split[palette][frames];[palette]palettegen=stats_mode=single[colours];[frames][colours]paletteuse=new=1';

function conversion({ encoding, colour }: EncodeSettings, shape: FrameShape): string[] {
  const { pixels, size } = encoding;
  const cut =
    size.width === shape.width && size.height === shape.height ? [] : [`crop=${size.width}:${size.height}:0:0`];
  const onBlack = shape.channels === 4 && pixels?.alpha === false ? ['premultiply=inplace=1'] : [];
  if (!pixels) return [...cut, ...(encoding.encoder === 'gif' ? [PALETTE] : [])];
  if (pixels.rgb) return [...cut, ...onBlack, `format=${pixels.name}`];
  const matrix = MATRICES[colour.matrix ?? ''] ?? UNSAID;
  return [
    ...cut,
    ...onBlack,
    `scale=out_color_matrix=${matrix}:out_range=${colour.range}:flags=${SCALING}`,
    `format=${pixels.name}`,
  ];
}

function tags({ encoding, colour }: EncodeSettings): string[] {
  if (!encoding.pixels || encoding.pixels.rgb) return [];
  const { range, matrix, primaries, transfer } = colour;
  const named = matrix !== undefined && matrix in MATRICES ? matrix : undefined;
  const given = { range, colorspace: named, color_primaries: primaries, color_trc: transfer };
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  return values.length === 0 ? [] : [`setparams=${values.map(([name, value]) => `${name}=${value}`).join(':')}`];
}

function filters(settings: EncodeSettings, shape: FrameShape): string {
  const aspect = settings.pixelAspect ? [`setsar=${formatRational(settings.pixelAspect)}`] : [];
  return ['[0:v]null', ...conversion(settings, shape), ...tags(settings), ...aspect].join(',');
}

function timeBase({ encoding, rate }: EncodeSettings, clock: Rational): Rational {
  if (!traitsOf(encoding.encoder ?? '').coarseClock) return clock;
  return rate ? { num: rate.den, den: rate.num } : COARSE;
}

function encoderArgs({ encoder, pixels, quality }: FilmEncoding): string[] {
  if (encoder === undefined) return [];
  const traits = traitsOf(encoder);
  const alpha = pixels?.alpha ? (traits.alpha ?? []) : [];
  return ['-c:v', encoder, ...(traits.quality?.(quality) ?? []), ...(traits.more ?? []), ...alpha];
}

function trackArgs({ tracks, start }: Accompaniment): string[] {
  // Sound that is cut would begin where pictures can be sought, and push them back by that. From the beginning on it is to keep
  // what stands before: an encoder's delay.
  const cut = (place: number): string[] => (start ? [`-copypriorss:${place}`, '0'] : []);
  return [
    ...tracks.flatMap(({ index }) => ['-map', `1:${index}`]),
    // The pictures are stream 0.
    ...tracks.flatMap(({ copied }, place) => (copied ? [`-c:${place + 1}`, 'copy', ...cut(place + 1)] : [])),
    ...['-map_metadata', '1', '-map_chapters', '1'],
  ];
}

/** What ffmpeg is told to make a film of frames that come by its standard input; `first` is when the first is shown, in seconds. */
export function encodeArgs(
  { passthrough }: Ffmpeg,
  settings: EncodeSettings,
  { shape, clock, first, file }: { shape: FrameShape; clock: Rational; first: number; file: string },
): string[] {
  const { accompaniment } = settings;
  return [
    ...QUIET,
    // The pipe says all there is to know in its first bytes.
    ...['-probesize', '32', '-analyzeduration', '0', '-itsoffset', first.toFixed(6), '-f', 'matroska', '-i', 'pipe:0'],
    ...(accompaniment ? [...cutArgs(accompaniment), ...fileInput(accompaniment.file)] : []),
    ...['-filter_complex', `${filters(settings, shape)}[dreamed]`, '-map', '[dreamed]'],
    ...passthrough,
    ...[
      '-enc_time_base',
      formatRational(timeBase(settings, clock)),
      ...encoderArgs(settings.encoding),
      '-threads',
      THREADS,
    ],
    ...(accompaniment ? trackArgs(accompaniment) : []),
    ...[
      '-fflags',
      '+bitexact',
      '-flags:v',
      '+bitexact',
      '-flags:a',
      '+bitexact',
      '-movflags',
      '+faststart',
      '-y',
      fileUrl(file),
    ],
  ];
}
