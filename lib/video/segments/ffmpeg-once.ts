import { ENVIRONMENT } from '../../runtime/environment.js';
import { type Ffmpeg, findFfmpeg } from '../ffmpeg.js';

const found = new Map<string | undefined, Ffmpeg>();

/**
 * The system's ffmpeg, tried once in a process: a segment's frames may be dreamed as fast as ffmpeg tells its version. What another
 * one reads differently is told by the frames' hashes.
 */
export async function ffmpegOnce(signal?: AbortSignal): Promise<Ffmpeg> {
  const place = ENVIRONMENT.ffmpeg();
  const ffmpeg = found.get(place) ?? (await findFfmpeg(signal));
  found.set(place, ffmpeg);
  return ffmpeg;
}
