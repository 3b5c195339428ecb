import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Farm } from '../../lib/farm/farm.js';
import { type Ended, livedreamIn } from '../support/cli.js';
import { WorkerProcess, workersThere } from '../support/farm.js';
import { ffmpeg, hasFfmpeg, tone } from '../support/films.js';
import { SAMPLE } from '../support/pictures.js';
import { hasRedis, TestRedis } from '../support/redis.js';

const WORKERS = 4;
const KILLS = 10;
const QUICK = ['--octaves', '2', '--iterations', '5', '--seed', '11'];

/** With a pan that is longer than a segment, three cuts, and sound. */
function film(file: string): void {
  const made = ['testsrc2', 'mandelbrot'].flatMap((source) => ['-f', 'lavfi', '-i', `${source}=s=96x64:r=25`]);
  const scenes = [
    '[0]scale=300:200,crop=96:64:x=20+2*n:y=30+n,trim=end_frame=28,format=yuv420p,setsar=1[a]',
    '[1]trim=end_frame=12,format=yuv420p,setsar=1[b]',
    '[2]trim=end_frame=16,format=yuv420p,setsar=1[c]',
    '[a][b][c]concat=n=3[film]',
  ];
  const graph = ['-filter_complex', scenes.join(';'), '-map', '[film]', '-map', '3'];
  const still = ['-loop', '1', '-framerate', '25', '-i', SAMPLE];
  ffmpeg(
    ...still,
    ...made,
    ...tone(440, 2.24),
    ...graph,
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    file,
  );
}

describe.skipIf(!hasRedis || !hasFfmpeg)('films on a farm (redis-server, ffmpeg)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const at = (name: string): string => path.join(folder, name);
  const place = { queue: '', store: at('store') };
  let redis: TestRedis;
  let supervisor: WorkerProcess;
  let farm: Farm;

  const livedream = (...args: string[]): Promise<Ended> => livedreamIn({ cwd: folder }, ...args);
  const onFarm = (output: string, ...flags: string[]): Promise<Ended> =>
    livedream(
      'farm',
      'video',
      'film.mp4',
      '-o',
      output,
      '--queue',
      redis.url,
      '--store',
      place.store,
      ...QUICK,
      ...flags,
    );

  beforeAll(async () => {
    film(at('film.mp4'));
    redis = await TestRedis.start();
    place.queue = redis.url;
    farm = await Farm.open(place);
    supervisor = new WorkerProcess(place, '--workers', String(WORKERS), '--lock-time', '2', '--deaths', '100');
    await workersThere(farm, WORKERS);
  });
  afterAll(async () => {
    await farm?.close();
    await supervisor?.kill('SIGTERM');
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`gives the bytes of a single run, by ${WORKERS} workers of which ${KILLS} are killed`, async () => {
    const single = await livedream('video', 'film.mp4', '-o', 'single.mp4', '--device', 'cpu', ...QUICK);
    expect(single.code, single.stderr).toBe(0);
    let over = false;
    const making = onFarm('farm.mp4', '--segment', '5', '--attempts', '50', '--json').finally(() => {
      over = true;
    });
    let killed = 0;
    while (!over && killed < KILLS) {
      await sleep(100 + Math.random() * 600);
      // Whatever it is at: loading, planning, dreaming, keeping, joining.
      const victims = supervisor.children();
      const victim = victims[Math.floor(Math.random() * victims.length)];
      if (victim === undefined || over) continue;
      process.kill(victim, 'SIGKILL');
      killed += 1;
    }
    const made = await making;
    expect(made.code, made.stderr).toBe(0);
    expect(killed).toBe(KILLS);
    const facts = JSON.parse(made.stdout.toString('utf8')) as Record<string, unknown>;
    expect(facts).toMatchObject({ frames: 56, width: 96, height: 64, machines: [expect.any(String)] });
    expect(facts['segments']).toBeGreaterThanOrEqual(11);
    expect(readFileSync(at('farm.mp4')).equals(readFileSync(at('single.mp4')))).toBe(true);
    // What only the joining needed is gone.
    const left = (kind: string): string[] =>
      existsSync(path.join(place.store, kind))
        ? (readdirSync(path.join(place.store, kind), { recursive: true }) as string[]).filter((name) =>
            /.\/./.test(name),
          )
        : [];
    expect(left('frames').filter((name) => !name.includes('unfinished'))).toEqual([]);
    expect(left('plans')).toEqual([]);
    expect(left('results')).toHaveLength(2);
  }, 600_000);
});
