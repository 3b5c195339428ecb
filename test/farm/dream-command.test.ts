import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageRoot from '#package-root';
import { Farm } from '../../lib/farm/farm.js';
import { cli, type Ended, livedreamIn } from '../support/cli.js';
import { WorkerProcess, workersThere } from '../support/farm.js';
import { SAMPLE } from '../support/pictures.js';
import { freePort, hasRedis, TestRedis } from '../support/redis.js';

const BRIEF = ['--octaves', '1', '--iterations', '2'];

describe.skipIf(!hasRedis)('livedream farm dream (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const pictures = path.join(folder, 'pictures');
  const place = { queue: '', store: path.join(folder, 'store') };
  let redis: TestRedis;
  let farm: Farm;
  let worker: WorkerProcess;

  beforeAll(async () => {
    mkdirSync(pictures);
    for (const [name, width] of [
      ['a.png', 64],
      ['b.png', 80],
    ] as const)
      await sharp(SAMPLE).resize(width, 48).toFile(path.join(pictures, name));
    redis = await TestRedis.start();
    place.queue = redis.url;
    farm = await Farm.open(place);
    worker = new WorkerProcess(place);
    await workersThere(farm, 1);
  });
  afterAll(async () => {
    await worker?.[Symbol.asyncDispose]();
    await farm?.close();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (command: string, ...args: string[]): Promise<Ended> =>
    livedreamIn({ cwd: folder }, 'farm', command, '--queue', place.queue, '--store', place.store, ...args);

  it('has a picture dreamed as this machine would', async () => {
    const { code, stdout, stderr } = await run('dream', 'pictures/a.png', '-o', 'one.png', ...BRIEF);
    expect({ code, stdout: String(stdout) }, stderr).toEqual({ code: 0, stdout: 'one.png\n' });
    const local = ['pictures/a.png', '-o', 'here.png', '--device', 'cpu', ...BRIEF];
    expect((await livedreamIn({ cwd: folder }, 'dream', ...local)).code).toBe(0);
    const [there, here] = ['one.png', 'here.png'].map((name) => readFileSync(path.join(folder, name)));
    const pixels = (bytes: Buffer | undefined): Promise<Buffer> => sharp(bytes).raw().toBuffer();
    expect((await pixels(there)).equals(await pixels(here))).toBe(true);
  });

  it('has a folder dreamed, tells each as JSON, and goes on after a picture that is none', async () => {
    copyFileSync(path.join(packageRoot, 'package.json'), path.join(pictures, 'c.png'));
    const { code, stdout, stderr } = await run('dream', 'pictures', '-o', 'many/', '--json', ...BRIEF);
    rmSync(path.join(pictures, 'c.png'));
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/c\.png.*\[ERR_LIVEDREAM_IMAGE_UNREADABLE\]/s);
    const lines = String(stdout).trim().split('\n');
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.map(({ file }) => path.basename(String(file))).sort()).toEqual(['a-dream.png', 'b-dream.png']);
    expect(told[0]).toMatchObject({ worker: expect.any(String), machine: expect.any(String), width: 64 });
    expect(readdirSync(path.join(folder, 'many')).sort()).toEqual(['a-dream.png', 'b-dream.png']);
  });

  it('takes a recipe, and what is said beside it counts more', async () => {
    writeFileSync(
      path.join(folder, 'recipe.json'),
      JSON.stringify({ recipe: 1, options: { octaves: 3, iterations: 7, seed: 5 } }),
    );
    const { code, stdout, stderr } = await run(
      'dream',
      'pictures/b.png',
      '--recipe',
      'recipe.json',
      '-o',
      'r.png',
      '--json',
      ...BRIEF,
    );
    expect(code, stderr).toBe(0);
    expect(JSON.parse(String(stdout))).toMatchObject({ parameters: { octaves: 1, seed: 5 } });
  });

  it.each([
    ['a file that is not there', ['gone.png', '-o', 'x.png'], /gone\.png/, 1],
    ['an output over its picture', ['pictures/a.png', '-o', 'pictures/a.png'], /pictures\/a\.png/, 2],
    ['an option out of range', ['pictures/a.png', '-o', 'x.png', '--octaves', '0'], /'octaves' must be/, 2],
    ['a priority out of range', ['pictures/a.png', '-o', 'x.png', '--priority', 'high'], /priority/, 2],
  ])('refuses %s before anything is asked', async (_what, args, said, code) => {
    const before = readdirSync(folder);
    const ended = await run('dream', ...args);
    expect(ended.stderr).toMatch(said);
    expect(ended.code, ended.stderr).toBe(code);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('is watched: farm monitor serves metrics until it is told to end, and farm status tells the worker', async () => {
    const port = await freePort();
    const args = [cli, 'farm', 'monitor', '--queue', place.queue, '--store', place.store, '--port', String(port)];
    const monitor = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = await once(monitor.stderr, 'data');
    expect(String(said[0])).toContain(`watching the farm on http://127.0.0.1:${port}/metrics`);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^livedream_farm_workers\S* 1$/m);
    const exit = once(monitor, 'exit');
    monitor.kill('SIGINT');
    expect((await exit)[0]).toBe(0);
    const status = await run('status');
    expect(String(status.stdout)).toContain(String(worker.children()[0] ?? worker.pid));
    const json = JSON.parse(String((await run('status', '--json')).stdout)) as { workers: unknown[] };
    expect(json.workers).toHaveLength(1);
  });
});
