import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { jpeg, Talk } from '../service/live-support.js';
import { png } from '../service/support.js';
import { cli, livedreamIn } from '../support/cli.js';
import { smallDreamer } from '../support/dreamers.js';
import { WorkerProcess } from '../support/farm.js';
import { smallModel } from '../support/models.js';
import { hasRedis } from '../support/redis.js';
import { TestFarm } from './service-support.js';

const LAYER = 'layer=mixed3b';
const children: ChildProcess[] = [];

/** `livedream serve` in a process of its own, and what it says. */
async function serve(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<[ChildProcess, string, string]> {
  const all = [cli, 'serve', '--port', '0', '--log-level', 'silent', ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
  children.push(child);
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (text) => {
      said += text;
      const found = / on (http:\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(said)));
  });
  return [child, url, said];
}

describe.skipIf(!hasRedis)('livedream serve --queue, and workers that die (redis-server)', () => {
  let testFarm: TestFarm;
  let dreamer: Dreamer;
  let picture: Buffer;
  let url: string;
  let service: ChildProcess;
  const workers: WorkerProcess[] = [];

  beforeAll(async () => {
    testFarm = await TestFarm.start();
    dreamer = await smallDreamer({ xla: false });
    picture = await png();
    const { queue, store } = testFarm.place;
    [service, url] = await serve(['--queue', queue, '--store', store, '--iteration-limit', '10000', '--grace', '0.2']);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.kill();
  });
  afterAll(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await testFarm?.[Symbol.asyncDispose]();
    await dreamer?.dispose();
  });

  async function work(): Promise<WorkerProcess> {
    const flags = ['--model', smallModel().file, '--concurrency', '1', '--lock-time', '1', '--live', '0'];
    const worker = new WorkerProcess(testFarm.place, ...flags);
    workers.push(worker);
    const status = async (): Promise<number | string> =>
      worker.ended ? worker.log : (await fetch(`${url}/readyz`)).status;
    await expect.poll(status, { timeout: 150_000 }).toBe(200);
    return worker;
  }

  const dream = (query: string, accept = 'image/png'): Promise<Response> =>
    fetch(`${url}/v1/dreams?${LAYER}&${query}`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', accept },
      body: new Uint8Array(picture),
    });

  /** Of events until something is seen in them. */
  async function until(reader: ReadableStreamDefaultReader<Uint8Array>, seen: string): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    while (!text.includes(seen)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the events ended without ${seen}: ${text.slice(-500)}`);
      text += decoder.decode(value, { stream: true });
    }
    return text;
  }

  it('dreams with no library in its own process, and again where a worker was killed in the middle', async () => {
    const first = await work();
    expect((await dream('octaves=1&iterations=1')).status).toBe(200);
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${service.pid}/maps`, 'utf8')).not.toMatch(/tensorflow|livedream\.node/i);
    const query = 'octaves=1&iterations=300&seed=5';
    const { body } = await dream(query, 'text/event-stream');
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await until(reader, '"preview"');
    await first.kill();
    await work();
    const text = await until(reader, 'event: result');
    const rest = text.endsWith('\n\n') ? text : text + (await until(reader, '\n\n'));
    const [, data = '{}'] = /^event: result\ndata: (.*)$/m.exec(rest) ?? [];
    const mine = await dreamer.dream(picture, { layer: 'mixed3b', octaves: 1, iterations: 300, seed: 5n });
    const image = Buffer.from((JSON.parse(data) as { readonly image: string }).image, 'base64');
    expect(image.equals(await mine.toBuffer('png'))).toBe(true);
  });

  it('sends live clients on to another worker when theirs is killed', async () => {
    const worker = await work();
    const live = `${url.replace('http', 'ws')}/v1/live`;
    /** In, at last: a worker that is dead is known for a while, and one that is new not at once. */
    const greeted = async (): Promise<Talk> => {
      for (;;) {
        const talk = new Talk(live);
        await Promise.race([talk.word('ready').catch(() => undefined), talk.end()]);
        if (!talk.closed) return talk;
      }
    };
    const dreamed = async (talk: Talk): Promise<void> => {
      talk.say({ type: 'options', options: { layer: 'mixed3b', octaves: 1, iterations: 1 } });
      talk.socket.send(await jpeg());
      await talk.frame(1);
    };
    const talk = await greeted();
    await dreamed(talk);
    await worker.kill();
    expect(await talk.end()).toEqual({ code: 1013, reason: 'The worker that dreamed here is gone. Try again.' });
    await work();
    const next = await greeted();
    await dreamed(next);
    next.socket.terminate();
  });

  it('refuses flags that load a model', async () => {
    const args = ['serve', '--queue', testFarm.place.queue, '--store', testFarm.place.store];
    for (const flags of [['--device', 'cpu'], ['--model', 'dream'], ['--no-xla-choice']]) {
      const { code, stderr } = await livedreamIn({ cwd: testFarm.place.store }, ...args, ...flags);
      expect([code, stderr]).toEqual([2, expect.stringContaining('left out where a farm dreams')]);
    }
  });

  it('is not turned on by the environment alone, and by --farm with it', async () => {
    const { queue, store } = testFarm.place;
    const own = await serve(['--model', smallModel().file, '--device', 'cpu'], {
      LIVEDREAM_QUEUE: 'redis://127.0.0.1:1',
    });
    expect(own[2]).toContain("serving 'small-inception'");
    const farmed = await serve(['--farm'], { LIVEDREAM_QUEUE: queue, LIVEDREAM_STORE: store });
    expect(farmed[2]).toContain("serving a farm's dreams");
  });

  it('cancels what outlasts its grace when it stops, on the worker too', async () => {
    await work();
    const { body } = await dream('octaves=1&iterations=10000&seed=6', 'text/event-stream');
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await until(reader, '"preview"');
    const ended = once(service, 'exit');
    service.kill('SIGTERM');
    expect(await until(reader, 'ERR_LIVEDREAM_ABORTED')).toContain('"status":503');
    expect(await ended).toEqual([0, null]);
    const farm = await testFarm.farm();
    await expect.poll(async () => (await farm.jobs()).active).toBe(0);
    expect((await farm.jobs()).waiting).toBe(0);
  });
});
