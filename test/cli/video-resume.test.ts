// What is left of a film where `livedream video` does not come to its end, and how it goes on.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cli, type Ended, livedreamIn } from '../support/cli.js';
import { filmFolder, hasFfmpeg, makeFilm, probePictures, tone } from '../support/films.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
// Slow enough to be interrupted, and different by the seed.
const STEPS = ['--octaves', '1', '--iterations', '2', '--seed', '3'];
const video = (...args: string[]): Promise<Ended> => livedreamIn({ cwd }, 'video', ...args, ...STEPS);

const FRAMES = 12;
function film(name: string): string {
  const output = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  return makeFilm(at(name), { size: '192x128', frames: FRAMES, inputs: tone(440, 0.6), output });
}

/** Runs it until that many bytes of finished frames are kept. */
async function untilKept(output: string, bytes: number, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [cli, 'video', ...args, '-o', output, ...STEPS], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kept = at(`${output}.livedream/frames`);
  while (child.exitCode === null) {
    const found = await stat(kept).catch(() => undefined);
    if (found && found.size > bytes) return child;
    await sleep(5);
  }
  throw new Error(`it ended with ${child.exitCode} before it was interrupted`);
}

/** A program in the place of ffmpeg that does as it, but for what a test is about. */
async function withFfmpeg(name: string, script: string): Promise<NodeJS.ProcessEnv> {
  const folder = at(name);
  await writeFile(folder, `#!/bin/sh\n${script}\nexec ffmpeg "$@"\n`);
  await writeFile(folder.replace('ffmpeg', 'ffprobe'), '#!/bin/sh\nexec ffprobe "$@"\n');
  await chmod(folder, 0o755);
  await chmod(folder.replace('ffmpeg', 'ffprobe'), 0o755);
  return { ...process.env, LIVEDREAM_FFMPEG: folder };
}

async function videoWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [cli, 'video', ...args, ...STEPS], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

const WRITES = 'case "$*" in *"-f matroska -i pipe:0"*"-t 0.2"*) ;; *"-f matroska -i pipe:0"*)';

describe.skipIf(!hasFfmpeg || !existsSync(cli) || process.platform === 'win32')('a film that is interrupted', () => {
  test.each([
    ['in the middle', 3],
    ['near the end', 8],
  ])('by SIGKILL %s goes on with --resume, and is the same to the byte', async (name, frames) => {
    film('in.mp4');
    expect((await video('in.mp4', '-o', 'whole.mp4')).code).toBe(0);
    const output = `${name}.mp4`;
    const child = await untilKept(output, frames * 25_000, 'in.mp4');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(at(output))).toBe(false);
    const { code, stdout, stderr } = await video('in.mp4', '-o', output, '--resume', '--json');
    expect(code, stderr).toBe(0);
    const told = JSON.parse(stdout.toString()) as { readonly frames: number; readonly dreamed: number };
    expect(told.frames).toBe(FRAMES);
    expect(told.dreamed).toBeLessThan(FRAMES);
    expect(told.dreamed).toBeGreaterThan(0);
    expect((await readFile(at(output))).equals(await readFile(at('whole.mp4')))).toBe(true);
    expect(existsSync(at(`${output}.livedream`))).toBe(false);
  });

  test('by Ctrl-C keeps what is finished and says so, and takes it for no other film', async () => {
    film('in.mp4');
    const child = await untilKept('kept.mp4', 60_000, 'in.mp4');
    let stderr = '';
    child.stderr?.on('data', (text) => {
      stderr += text;
    });
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /^livedream: \d+ finished frames are kept in 'kept\.mp4\.livedream'; --resume goes on with them\n/,
    );
    expect(stderr).toMatch(/\nlivedream: cancelled\n$/);
    expect((await readdir(at('kept.mp4.livedream'))).sort()).toEqual(['frames', 'manifest.json', 'state']);
    for (const [args, says] of [
      [['in.mp4'], /keeps \d+ finished frames of an earlier run.*--resume.*\[ERR_LIVEDREAM_VIDEO_UNFINISHED\]/],
      [['in.mp4', '--resume', '--step', '3'], /another dream \(.*"step":3/],
      [['in.mp4', '--resume', '--size', '64'], /another size \(undefined, and now 64\)/],
    ] as const) {
      const refused = await video(...args, '-o', 'kept.mp4');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(says);
    }
    // A frame that was written in part is dreamed again.
    const frames = at('kept.mp4.livedream/frames');
    await truncate(frames, (await stat(frames)).size - 10);
    expect((await video('in.mp4', '-o', 'kept.mp4', '--resume')).code).toBe(0);
    expect(probePictures(at('kept.mp4'))['nb_frames']).toBe(String(FRAMES));
  });

  test('by the end of the ffmpeg that writes is an error that tells so, and goes on', async () => {
    film('in.mp4');
    const env = await withFfmpeg(
      'ffmpeg-killed',
      `${WRITES} head -c 400000 | ffmpeg "$@" & exec sh -c 'sleep 2; kill -9 $$';; esac`,
    );
    const { code, stderr } = await videoWith(env, 'in.mp4', '-o', 'killed.mp4');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /'killed\.mp4' cannot be written: ffmpeg was killed \(SIGKILL\).*--resume.*\[ERR_LIVEDREAM_FFMPEG_FAILED\]/,
    );
    expect(existsSync(at('killed.mp4'))).toBe(false);
    expect((await video('in.mp4', '-o', 'killed.mp4', '--resume')).code).toBe(0);
  });

  test('by a full disk tells so', async () => {
    film('in.mp4');
    const env = await withFfmpeg(
      'ffmpeg-full',
      `${WRITES} echo "av_interleaved_write_frame(): No space left on device" >&2; exit 228;; esac`,
    );
    const { code, stderr } = await videoWith(env, 'in.mp4', '-o', 'full.mp4');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /'full\.mp4' cannot be written: the disk is full\. Make room.*\[ERR_LIVEDREAM_OUTPUT_UNWRITABLE\]/,
    );
  });

  test('by the end of the ffmpeg that reads is an error that tells so, and goes on', async () => {
    film('in.mp4');
    // It gives four frames and a half.
    const env = await withFfmpeg(
      'ffmpeg-read',
      'case "$*" in *framecrc*) ffmpeg "$@" | head -c 331776; kill -9 $$;; esac',
    );
    const { code, stderr } = await videoWith(env, 'in.mp4', '-o', 'read.mp4');
    expect(code).toBe(1);
    expect(stderr).toMatch(/livedream: 4 finished frames are kept/);
    expect(stderr).toMatch(/The film 'in\.mp4' was read up to frame 4: ffmpeg was killed \(SIGKILL\)/);
    const { stdout } = await video('in.mp4', '-o', 'read.mp4', '--resume', '--json');
    expect(JSON.parse(stdout.toString())).toMatchObject({ frames: FRAMES, dreamed: FRAMES - 4 });
  });
});
