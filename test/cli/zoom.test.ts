// `livedream zoom` as users run it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli, type Ended, livedreamIn } from '../support/cli.js';
import { filmFolder, frameTimes, hasFfmpeg, meanDifference, pixelsOf, probePictures } from '../support/films.js';
import { SAMPLE } from '../support/pictures.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
const SMALL = ['--size', '96', '--octaves', '2', '--iterations', '1', '--rate', '10'];
const zoom = (...args: string[]): Promise<Ended> => livedreamIn({ cwd }, 'zoom', 'photo.jpg', ...SMALL, ...args);

async function made(...args: string[]): Promise<Ended> {
  const ended = await zoom(...args);
  expect(ended.code, ended.stderr).toBe(0);
  return ended;
}

describe.skipIf(!hasFfmpeg || !existsSync(cli) || process.platform === 'win32')('livedream zoom', () => {
  beforeAll(async () => {
    await sharp(SAMPLE).resize(192, 128).toFile(at('photo.jpg'));
  });

  test('begins with the photograph and goes into it, keeping its brightness; the same seed gives the same bytes', async () => {
    const { stdout } = await made('--duration', '1.2', '-o', 'a.mp4');
    expect(stdout.toString()).toBe('a.mp4\n');
    expect(probePictures(at('a.mp4'))).toMatchObject({ nb_frames: '12', width: 96, height: 64 });
    expect(frameTimes(at('a.mp4'))[11]).toBeCloseTo(1.1, 3);
    const pixels = pixelsOf(at('a.mp4'));
    const frame = (place: number): Buffer => pixels.subarray(place * 96 * 64 * 3, (place + 1) * 96 * 64 * 3);
    const photograph = await sharp(at('photo.jpg')).resize(96, 64).raw().toBuffer();
    expect(meanDifference(frame(0), photograph)).toBeLessThan(8);
    expect(meanDifference(frame(11), photograph)).toBeGreaterThan(12);
    const mean = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length;
    expect(Math.abs(mean(frame(11)) / mean(photograph) - 1)).toBeLessThan(0.1);
    await made('--duration', '1.2', '-o', 'b.mp4');
    await made('--duration', '1.2', '-o', 'c.mp4', '--seed', '5');
    const [a, b, c] = await Promise.all(['a.mp4', 'b.mp4', 'c.mp4'].map((name) => readFile(at(name))));
    expect(a?.equals(b as Buffer)).toBe(true);
    expect(a?.equals(c as Buffer)).toBe(false);
  });

  test('changes its filter by a schedule', async () => {
    await writeFile(at('schedule.json'), JSON.stringify([{ at: 0.3, fade: 0.3, filter: 'owl', rotate: 90 }]));
    // Without an encoder that looks ahead.
    const exact = ['--duration', '1', '--codec', 'ffv1', '-o'];
    await made(...exact, 'one.mkv');
    await made(...exact, 'other.mkv', '--schedule', 'schedule.json');
    const [one, other] = [pixelsOf(at('one.mkv')), pixelsOf(at('other.mkv'))];
    const bytes = 96 * 64 * 3;
    const far = (place: number): number =>
      meanDifference(
        one.subarray(place * bytes, (place + 1) * bytes),
        other.subarray(place * bytes, (place + 1) * bytes),
      );
    expect(far(2)).toBe(0);
    expect(far(9)).toBeGreaterThan(10);
    await writeFile(at('bad.json'), '[{ "at": 1, "filtre": "owl" }]');
    const refused = await zoom('-o', 'bad.mp4', '--schedule', 'bad.json');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/schedule\[0\]\.filtre.*did you mean 'filter'/);
    expect((await zoom('-o', 'bad.mp4', '--schedule', 'none.json')).stderr).toMatch(/a file that can be read/);
  });

  test('goes on after SIGKILL, the same to the byte', async () => {
    const args = ['--duration', '3', '-o'];
    await made(...args, 'whole.mp4');
    const child = spawn(process.execPath, [cli, 'zoom', 'photo.jpg', ...SMALL, ...args, 'killed.mp4'], { cwd });
    const kept = at('killed.mp4.livedream/frames');
    while (child.exitCode === null && ((await stat(kept).catch(() => undefined))?.size ?? 0) < 60_000) await sleep(5);
    child.kill('SIGKILL');
    await once(child, 'close');
    const { stdout } = await made(...args, 'killed.mp4', '--resume', '--json');
    const told = JSON.parse(stdout.toString()) as { readonly frames: number; readonly dreamed: number };
    expect(told.frames).toBe(30);
    expect(told.dreamed).toBeLessThan(30);
    expect((await readFile(at('killed.mp4'))).equals(await readFile(at('whole.mp4')))).toBe(true);
  });

  test('does not overwrite its photograph', async () => {
    const { code, stderr } = await zoom('-o', 'photo.jpg');
    expect(code).toBe(2);
    expect(stderr).toMatch(/another file than 'photo\.jpg'/);
  });
});
