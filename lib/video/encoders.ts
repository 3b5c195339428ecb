/** How `quality`, from 1 to 100, is told to an encoder. */
type QualityArgs = (quality: number) => readonly string[];

/** What is known of one of ffmpeg's encoders. */
export interface EncoderTraits {
  readonly quality?: QualityArgs;
  readonly more?: readonly string[];
  /** With transparency. */
  readonly alpha?: readonly string[];
  /** Whether it loses nothing: then RGB stays RGB. */
  readonly exact?: true;
  /** Whether it takes odd sizes where pixels share their colour. */
  readonly odd?: true;
  /** Whether its clock has to be that of a steady rate, or a coarse one. */
  readonly coarseClock?: true;
}

/** On a scale where 0 is best. */
function onScale(flag: string, worst: number, ...more: readonly string[]): QualityArgs {
  return (quality) => [flag, String(Math.round(worst * (1 - quality / 100))), ...more];
}

/** -q:v from 1, the best, to 31, the finer the better it is. */
const scaleOf31: QualityArgs = (quality) => ['-q:v', String(1 + Math.round(30 * (1 - quality / 100) ** 2))];
const old: EncoderTraits = { quality: scaleOf31, coarseClock: true };
const exact: EncoderTraits = { exact: true, odd: true };

/** Encoders whose options are known; another gets none, and does as its own defaults say. */
const ENCODERS: Readonly<Record<string, EncoderTraits>> = {
  libx264: { quality: onScale('-crf', 51), more: ['-preset', 'medium'] },
  libx264rgb: { quality: onScale('-crf', 51), exact: true },
  libx265: { quality: onScale('-crf', 51), more: ['-x265-params', 'log-level=error', '-tag:v', 'hvc1'] },
  // Frames that are only referred to cannot have transparency.
  'libvpx-vp9': {
    quality: onScale('-crf', 63, '-b:v', '0'),
    more: ['-cpu-used', '4'],
    alpha: ['-auto-alt-ref', '0'],
    odd: true,
  },
  libvpx: {
    quality: onScale('-crf', 63, '-b:v', '20M'),
    more: ['-cpu-used', '4'],
    alpha: ['-auto-alt-ref', '0'],
    odd: true,
  },
  'libaom-av1': { quality: onScale('-crf', 63, '-b:v', '0'), more: ['-cpu-used', '6'] },
  libsvtav1: { quality: onScale('-crf', 63), more: ['-preset', '8'] },
  prores_ks: { more: ['-profile:v', 'hq'], alpha: ['-profile:v', '4444'], odd: true },
  libtheora: { quality: (quality) => ['-q:v', String(quality / 10)], coarseClock: true },
  libwebp_anim: { quality: (quality) => ['-quality', String(quality)], more: ['-loop', '0'], odd: true },
  mpeg4: old,
  libxvid: old,
  mpeg2video: old,
  mpeg1video: old,
  wmv2: old,
  mjpeg: { quality: scaleOf31, more: ['-strict', 'unofficial'] },
  ffv1: { ...exact, more: ['-level', '3', '-g', '1'] },
  qtrle: exact,
  png: exact,
  apng: { ...exact, more: ['-plays', '0'] },
  gif: { ...exact, more: ['-loop', '0'] },
};

export function traitsOf(encoder: string): EncoderTraits {
  return Object.hasOwn(ENCODERS, encoder) ? (ENCODERS[encoder] as EncoderTraits) : {};
}

/** Names that users know, and which encoders make them, the best first. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  h264: ['libx264', 'h264_videotoolbox', 'libopenh264'],
  h265: ['libx265', 'hevc_videotoolbox'],
  hevc: ['libx265', 'hevc_videotoolbox'],
  av1: ['libsvtav1', 'libaom-av1', 'librav1e'],
  vp9: ['libvpx-vp9'],
  vp8: ['libvpx'],
  prores: ['prores_ks'],
  theora: ['libtheora'],
};

const H264 = [...(NAMES['h264'] as readonly string[]), 'mpeg4'];

interface Defaults {
  readonly plain: readonly string[];
  /** Where there is transparency to keep. */
  readonly alpha?: readonly string[];
}

/** What a file of this extension is encoded with, the best first; of others ffmpeg decides. */
const BY_EXTENSION: Readonly<Record<string, Defaults>> = {
  mp4: { plain: H264 },
  m4v: { plain: H264 },
  mov: { plain: H264, alpha: ['prores_ks', 'qtrle'] },
  mkv: { plain: H264, alpha: ['libvpx-vp9', 'ffv1'] },
  ts: { plain: H264 },
  flv: { plain: H264 },
  webm: { plain: ['libvpx-vp9', 'libvpx'] },
  avi: { plain: ['mpeg4'], alpha: ['png', 'ffv1'] },
  ogv: { plain: ['libtheora'] },
  nut: { plain: ['ffv1'] },
  gif: { plain: ['gif'] },
  apng: { plain: ['apng'] },
  webp: { plain: ['libwebp_anim'] },
};

/** Names of ffmpeg's encoders to try in turn; none where ffmpeg is to choose. */
export function encodersFor(extension: string, codec: string | undefined, alpha: boolean): readonly string[] {
  if (codec !== undefined) return Object.hasOwn(NAMES, codec) ? (NAMES[codec] as readonly string[]) : [codec];
  const defaults = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
  return (alpha ? defaults?.alpha : undefined) ?? defaults?.plain ?? [];
}
