import { stat } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../errors.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import { outputOf } from './process.js';

/** The oldest that has what is asked of it here, as major and minor. */
const LEAST: readonly [number, number] = [4, 4];
/** Since then -vsync has another name, and since then -enc_time_base takes a word. */
const FPS_MODE: readonly [number, number] = [5, 1];
const DEMUX: readonly [number, number] = [6, 1];

/** The system's ffmpeg, tried. */
export interface Ffmpeg {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** As it calls itself: `5.1.9-0+deb12u1`; a build of its own counts as the newest. */
  readonly version: string;
  /** Options that keep each frame at its own time, spelled as this version wants them. */
  readonly passthrough: readonly string[];
  readonly sourceTimeBase: string;
}

function missing(why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_FFMPEG_MISSING', `${why}.`, { cause });
}

async function programs(): Promise<{ readonly ffmpeg: string; readonly ffprobe: string }> {
  const given = ENVIRONMENT.ffmpeg();
  if (given === undefined) return { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' };
  const found = await stat(given).catch((error: unknown) => {
    throw missing(`LIVEDREAM_FFMPEG is '${given}', and nothing is there`, error);
  });
  if (found.isDirectory()) return { ffmpeg: path.join(given, 'ffmpeg'), ffprobe: path.join(given, 'ffprobe') };
  const beside = path.basename(given).replace('ffmpeg', 'ffprobe');
  if (beside === path.basename(given)) throw missing(`LIVEDREAM_FFMPEG is '${given}', whose name is not ffmpeg`);
  return { ffmpeg: given, ffprobe: path.join(path.dirname(given), beside) };
}

async function versionOf(program: string, signal: AbortSignal | undefined): Promise<string> {
  const { code, said, stdout } = await outputOf(program, ['-version'], signal);
  const version = /^ff\w+ version (\S+)/.exec(stdout)?.[1];
  if (code === 0 && version !== undefined) return version;
  throw missing(`'${program}' could not be run`, new Error(said || stdout));
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  // A snapshot's name is a date or a hash: N-12345-g1a2b3c, git-2026-01-01.
  const numbers = /^n?(\d+)\.(\d+)/.exec(version);
  if (!numbers) return true;
  const [had, minorHad] = [Number(numbers[1]), Number(numbers[2])];
  return had > major || (had === major && minorHad >= minor);
}

/** What this version wants to be told; for tests of versions that are not here. */
export function dialectOf(version: string): Pick<Ffmpeg, 'passthrough' | 'sourceTimeBase'> {
  return {
    passthrough: atLeast(version, FPS_MODE) ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'],
    sourceTimeBase: atLeast(version, DEMUX) ? 'demux' : '-1',
  };
}

/** Throws ERR_LIVEDREAM_FFMPEG_MISSING where it is too old. */
export function checkVersion(version: string): void {
  if (!atLeast(version, LEAST)) throw missing(`The ffmpeg that was found has version ${version}`);
}

/** Finds ffmpeg and ffprobe and tries them. Rejects with ERR_LIVEDREAM_FFMPEG_MISSING. */
export async function findFfmpeg(signal?: AbortSignal): Promise<Ffmpeg> {
  const found = await programs();
  const version = await versionOf(found.ffmpeg, signal);
  checkVersion(version);
  await versionOf(found.ffprobe, signal);
  return { ...found, version, ...dialectOf(version) };
}
