import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilmAsked } from '../../lib/farm/client/asked.js';
import type { ShownProgress } from '../../lib/farm/client/told.js';
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

  it('dreams of a folder of pictures into pictures and into a film, as one machine does', async () => {
    mkdirSync(at('frames'));
    ffmpeg('-i', at('film.mp4'), '-frames:v', '7', at('frames/%02d.png'));
    const few = ['--octaves', '1', '--iterations', '1'];
    for (const output of ['pictures', 'film.mkv']) {
      const [single, farms] = [output, `farm-${output}`].map((name) => (name.endsWith('mkv') ? name : `${name}/`));
      const one = await livedream('video', 'frames/', '-o', single as string, '--device', 'cpu', ...few);
      expect(one.code, one.stderr).toBe(0);
      const all = ['--queue', redis.url, '--store', place.store, '--segment', '3', ...few];
      const many = await livedream('farm', 'video', 'frames/', '-o', farms as string, ...all);
      expect(many.code, many.stderr).toBe(0);
      const files = output === 'pictures' ? readdirSync(at('pictures')).map((name) => `/${name}`) : [''];
      expect(files).toHaveLength(output === 'pictures' ? 7 : 1);
      for (const file of files)
        expect(readFileSync(at(`farm-${output}${file}`)).equals(readFileSync(at(`${output}${file}`)))).toBe(true);
    }
  }, 300_000);

  it('does not do again what was done, and says what is wrong with a film', async () => {
    const before = (await farm.status()).jobs.done;
    const again = await onFarm('again.mp4', '--segment', '5', '--attempts', '50');
    expect(again.code, again.stderr).toBe(0);
    expect(readFileSync(at('again.mp4')).equals(readFileSync(at('farm.mp4')))).toBe(true);
    expect((await farm.status()).jobs.done).toBe(before);
    writeFileSync(at('broken.mp4'), 'no film');
    const flags = ['--queue', redis.url, '--store', place.store];
    const broken = await livedream('farm', 'video', 'broken.mp4', '-o', 'x.mp4', ...flags);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/\[ERR_LIVEDREAM_VIDEO_UNREADABLE\]/);
    const layer = await livedream('farm', 'video', 'film.mp4', '-o', 'x.mp4', '--layer', 'no-such', ...flags);
    expect(layer.code).toBe(1);
    expect(layer.stderr).toMatch(/\[ERR_LIVEDREAM_LAYER_UNKNOWN\]/);
    expect(existsSync(at('x.mp4'))).toBe(false);
    // Nothing of it is left at work.
    expect((await farm.status()).jobs).toMatchObject({ waiting: 0, films: 0 });
  }, 120_000);

  it('takes back a film with all of its segments', async () => {
    const control = new AbortController();
    const asked: FilmAsked = {
      input: { kind: 'film', file: at('film.mp4') },
      output: { kind: 'film', extension: '.mp4' },
      ...{ rate: 25, stream: {}, dream: { octaves: 2, iterations: 200 }, segment: 8 },
    };
    const phases: string[] = [];
    const onProgress = ({ phase }: ShownProgress): void => {
      phases.push(phase);
      if (phase === 'dreaming') control.abort();
    };
    const made = await farm.film(asked, { signal: control.signal, onProgress }).catch((error: unknown) => error);
    expect(made).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    for (;;) {
      const { jobs } = await farm.status();
      if (jobs.waiting + jobs.active + jobs.films === 0) break;
      await sleep(100);
    }
    expect(phases.at(-1)).toBe('dreaming');
  }, 120_000);
});
