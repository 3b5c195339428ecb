import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { LiveDreamError } from '../errors.js';
import type { Ffmpeg } from './ffmpeg.js';
import { PIXEL_FORMAT, type PixelFormat } from './pixel-format.js';
import { endingInWords, inOneLine, outputOf } from './process.js';

const TEXT = v.optional(v.string());
const STREAM = v.object({
  index: v.number(),
  codec_type: TEXT,
  codec_name: TEXT,
  width: v.optional(v.number()),
  height: v.optional(v.number()),
  sample_aspect_ratio: TEXT,
  pix_fmt: TEXT,
  color_range: TEXT,
  color_space: TEXT,
  color_primaries: TEXT,
  color_transfer: TEXT,
  field_order: TEXT,
  r_frame_rate: TEXT,
  avg_frame_rate: TEXT,
  duration: TEXT,
  nb_frames: TEXT,
  disposition: v.optional(v.object({ attached_pic: v.optional(v.number(), 0) }), {}),
  tags: v.optional(v.record(v.string(), v.string()), {}),
  side_data_list: v.optional(v.array(v.object({ rotation: v.optional(v.number()) })), []),
});
const REPORT = v.object({
  streams: v.optional(v.array(STREAM), []),
  format: v.optional(v.object({ format_name: TEXT, duration: TEXT }), {}),
  pixel_formats: v.array(PIXEL_FORMAT),
});

/** What ffprobe tells of a file. */
export type ProbeReport = v.InferOutput<typeof REPORT>;
export type ProbedStream = v.InferOutput<typeof STREAM>;

/** ERR_LIVEDREAM_VIDEO_UNREADABLE. */
export function unreadableFilm(file: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_VIDEO_UNREADABLE', `The film '${file}' cannot be read: ${why}.`, { cause });
}

/** ffprobe's answer, checked: what it leaves out is not there, and what it adds is let be. */
export function readReport(file: string, text: string): ProbeReport {
  try {
    return v.parse(REPORT, JSON.parse(text));
  } catch (error) {
    throw unreadableFilm(file, 'ffprobe says something that is not understood', error);
  }
}

/** A file's name as ffmpeg takes it: never as a protocol or an option. */
export function fileUrl(file: string): string {
  return `file:${file}`;
}

/** An input that is a file, and whatever stands in it, no other place: a playlist may name any address. */
export function fileInput(file: string): string[] {
  return ['-protocol_whitelist', 'file', '-i', fileUrl(file)];
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadableFilm(file, error.code === 'ENOENT' ? 'there is no such file' : error.message, error);
  });
  if (found.isDirectory()) throw unreadableFilm(file, 'it is a folder');
  if (found.isFile() && found.size === 0) throw unreadableFilm(file, 'it is empty');
}

/** Asks ffprobe. Rejects with ERR_LIVEDREAM_VIDEO_UNREADABLE. */
export async function probe({ ffprobe }: Ffmpeg, file: string, signal?: AbortSignal): Promise<ProbeReport> {
  await checkFile(file);
  const args = [
    '-v',
    'error',
    '-of',
    'json',
    '-show_streams',
    '-show_format',
    '-show_pixel_formats',
    ...fileInput(file),
  ];
  const { said, stdout, ...ending } = await outputOf(ffprobe, args, signal);
  if (ending.code !== 0) {
    const words = inOneLine(said)
      .replaceAll(`${fileUrl(file)}: `, '')
      .replace(/\.$/, '');
    throw unreadableFilm(file, words || `ffprobe ${endingInWords(ending)}`, new Error(said));
  }
  return readReport(file, stdout);
}

/** How pixels may lie in memory, by this ffmpeg. */
export async function probePixelFormats({ ffprobe }: Ffmpeg, signal?: AbortSignal): Promise<readonly PixelFormat[]> {
  const { stdout } = await outputOf(ffprobe, ['-v', 'error', '-of', 'json', '-show_pixel_formats'], signal);
  return readReport('', stdout).pixel_formats;
}
