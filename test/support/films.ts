import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { dialectOf } from '../../lib/video/ffmpeg.js';

/** Tests of films are skipped where the system has no ffmpeg. */
export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

const VERSION = hasFfmpeg ? execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }).split(' ')[2] : undefined;
/** Each frame at its own time, as this version is told so. */
export const PASSTHROUGH = dialectOf(VERSION ?? '').passthrough;

const ENCODERS = hasFfmpeg ? execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' }) : '';

export function hasEncoder(name: string): boolean {
  return ENCODERS.includes(` ${name} `);
}

/** Runs ffmpeg; `-v error -y` are given. */
export function ffmpeg(...args: string[]): Buffer {
  return execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
}

/** A folder for films, that goes when the tests of its file have ended. */
export function filmFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-films-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

export interface FilmRecipe {
  readonly source?: string;
  readonly size?: string;
  readonly rate?: string;
  readonly frames?: number;
  /** Of the pictures, before the encoder. */
  readonly filter?: string;
  /** After the pictures' inputs: sounds. */
  readonly inputs?: readonly string[];
  readonly output?: readonly string[];
}

/** A film of ffmpeg's own test pictures. */
export function makeFilm(file: string, recipe: FilmRecipe = {}): string {
  const { source = 'testsrc2', size = '96x64', rate = '25', frames = 10, filter = 'null' } = recipe;
  const output = recipe.output ?? ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
  const pictures = ['-f', 'lavfi', '-i', `${source}=s=${size}:r=${rate}`];
  // Not by -frames:v, which ends the sound with the pictures.
  ffmpeg(...pictures, ...(recipe.inputs ?? []), '-vf', `${filter},trim=end_frame=${frames}`, ...output, file);
  return file;
}

/** The same film with a note that it is to be shown turned by a quarter. */
export function makeFilmTurned(film: string, file: string): string {
  // ffmpeg 5 knows it as metadata, later ones as an option of the input.
  ffmpeg('-i', film, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', file);
  if (probePictures(file)['side_data_list'] === undefined)
    ffmpeg('-display_rotation:v:0', '-90', '-i', film, '-c', 'copy', file);
  return file;
}

/** An input with a tone, as long as it is said. */
export function tone(frequency: number, seconds = 0.4): string[] {
  return ['-f', 'lavfi', '-i', `sine=frequency=${frequency}:duration=${seconds}`];
}

interface ProbedStream {
  readonly [name: string]: unknown;
  readonly codec_type: string;
  readonly codec_name: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export function probeStreams(file: string): readonly ProbedStream[] {
  const json = execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', file], { encoding: 'utf8' });
  return (JSON.parse(json) as { streams: ProbedStream[] }).streams;
}

/** The film's own stream of pictures, as ffprobe tells. */
export function probePictures(file: string): ProbedStream {
  return probeStreams(file).find(({ codec_type }) => codec_type === 'video') as ProbedStream;
}

/** When each frame is shown, in seconds. */
export function frameTimes(file: string): number[] {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time'];
  const text = execFileSync('ffprobe', [...args, '-of', 'csv=p=0', file], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => (/^\d/.test(line) ? [Number.parseFloat(line)] : []));
}

/** All frames as bytes, upright. */
export function pixelsOf(file: string, format = 'rgb24', decoder: readonly string[] = []): Buffer {
  const as = ['-f', 'rawvideo', '-pix_fmt', format, '-sws_flags', 'accurate_rnd+full_chroma_int+full_chroma_inp'];
  return ffmpeg(...decoder, '-i', file, '-map', '0:v:0', ...PASSTHROUGH, ...as, 'pipe:1');
}

/** The mean difference of two films' bytes. */
export function meanDifference(one: Buffer, other: Buffer): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let place = 0; place < one.length; place += 1)
    sum += Math.abs((one[place] as number) - (other[place] as number));
  return sum / one.length;
}

/** A checksum of what each packet of a stream holds. */
export function packetHash(file: string, stream: string): string {
  return ffmpeg('-i', file, '-map', `0:${stream}`, '-c', 'copy', '-f', 'streamhash', 'pipe:1').toString();
}
