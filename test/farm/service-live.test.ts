import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { Farm, FarmWorker, WorkerOptions } from '../../lib/farm/index.js';
import type { FarmServiceOptions } from '../../lib/service/plugin.js';
import { jpeg, LiveService } from '../service/live-support.js';
import { hasRedis } from '../support/redis.js';
import { filteredDreamer, ready, TestFarm } from './service-support.js';

const OPTIONS = { layer: 'mixed3b', octaves: 1, iterations: 1 } as const;
const TOKEN = 'correct-horse-battery';

describe.skipIf(!hasRedis)('live clients of a service on a farm (redis-server)', () => {
  let dreamer: Dreamer;
  let picture: Buffer;
  let testFarm: TestFarm | undefined;
  let service: LiveService | undefined;

  beforeAll(async () => {
    dreamer = await filteredDreamer();
    picture = await jpeg();
    return () => dreamer.dispose();
  });
  afterEach(async () => {
    await service?.close();
    await testFarm?.[Symbol.asyncDispose]();
    [service, testFarm] = [undefined, undefined];
  });

  interface Started {
    readonly service: LiveService;
    readonly workers: readonly FarmWorker[];
    readonly farm: Farm;
    readonly lines: string[];
  }

  /** A service, and as many workers as there are options for one. */
  async function start(options: Omit<FarmServiceOptions, 'farm'>, ...given: WorkerOptions[]): Promise<Started> {
    testFarm = await TestFarm.start();
    const workers: FarmWorker[] = [];
    for (const each of given) workers.push(await testFarm.worker(dreamer, each));
    const lines: string[] = [];
    const app = await testFarm.service(options, lines);
    if (workers.length > 0) await ready(app);
    service = await LiveService.on(app, lines);
    return { service, workers, farm: await testFarm.farm(), lines };
  }

  it('dreams frames as a service with a Dreamer does, greeting and all', async () => {
    const local = await LiveService.of(dreamer);
    const farmed = (await start({}, { live: '0' })).service;
    const heard = [];
    for (const each of [local, farmed]) {
      const talk = await each.greeted();
      expect(talk.socket.protocol).toBe('livedream.v1');
      talk.say({ type: 'options', options: OPTIONS, format: 'png' });
      await talk.word('options');
      talk.say({ type: 'ping', id: 7 });
      await talk.word('pong');
      talk.say({ type: 'options', options: { layer: 'none' } });
      await talk.word('error');
      talk.socket.send(picture);
      const { picture: dreamed } = await talk.frame(1);
      talk.socket.send(picture);
      const second = await talk.frame(2);
      expect(second.head).toMatchObject({ number: 2, received: 2, dropped: 0, format: 'png' });
      const words = talk.words.filter(({ type }) => type !== 'frame');
      heard.push({ words, dreamed: dreamed.toString('latin1') });
    }
    expect(heard[1]).toEqual(heard[0]);
    await local.close();
  });

  it('sends each client to the worker with the fewest, and knows when they have left', async () => {
    const { service, farm } = await start({}, { live: '0' }, { live: '127.0.0.1:0' }, {});
    const clients = async (): Promise<number[]> => (await farm.workers()).map(({ liveClients }) => liveClients).sort();
    const talks = [await service.greeted(), await service.greeted(), await service.greeted(), await service.greeted()];
    await expect.poll(clients).toEqual([0, 2, 2]);
    expect((await service.app.inject('/metrics')).body).toMatch(/^livedream_live_clients 4$/m);
    for (const { socket } of talks) socket.close(4000, 'enough');
    await expect.poll(clients).toEqual([0, 0, 0]);
    expect((await service.app.inject('/metrics')).body).toMatch(/^livedream_live_clients 0$/m);
  });

  it("passes the worker's reasons on", async () => {
    const { service } = await start({}, { live: '0' });
    const { socket, ...talk } = await service.greeted();
    const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, reason.toString()])));
    socket.send('x'.repeat(20_000));
    expect(await closed).toEqual([1009, expect.stringContaining('20000 bytes')]);
    expect(talk.words).toHaveLength(1);
  });

  it('lets nobody in without the token, and goes to workers with it', async () => {
    const { service } = await start({ token: TOKEN }, { live: '0', liveOptions: { token: TOKEN } });
    expect(await service.refused()).toEqual([401, 'ERR_LIVEDREAM_UNAUTHORIZED']);
    const talk = await service.greeted({ headers: { authorization: `Bearer ${TOKEN}` } });
    talk.socket.send(picture);
    await talk.frame(1);
  });

  it('is not let in by a worker that has another token, and says so in its log alone', async () => {
    const { service, lines } = await start({}, { live: '0', liveOptions: { token: TOKEN } });
    const { code, reason } = await service.talk().end();
    expect([code, reason]).toEqual([1013, expect.stringMatching(/No worker .* can be reached. Try again in \d+ s/)]);
    expect(lines.join('')).toContain('401');
  });

  it('sends clients away while no worker takes them, or all places are taken', async () => {
    const { service } = await start({ liveLimit: 1 }, {});
    expect(await service.talk().end()).toMatchObject({ code: 1013, reason: expect.stringContaining('No worker') });
    await testFarm?.worker(dreamer, { live: '0' });
    const taken = async (): Promise<string> => {
      const talk = service.talk();
      await Promise.race([talk.word('ready').catch(() => undefined), talk.end()]);
      return talk.closed?.reason ?? 'let in';
    };
    await expect.poll(taken).toBe('let in');
    expect(await service.talk().end()).toMatchObject({ code: 1013, reason: expect.stringContaining('All 1 places') });
  });

  it('tells clients to come again when their worker stops, and finds them another', async () => {
    const { service, workers } = await start({}, { live: '0' }, { live: '0' });
    const talks = [await service.greeted(), await service.greeted()];
    await workers[0]?.close();
    const left = await Promise.race(talks.map(async (talk) => ({ talk, ...(await talk.end()) })));
    expect(left).toMatchObject({ code: 1013, reason: 'The worker that dreamed here stops. Try again.' });
    const [stays] = talks.filter((talk) => talk !== left.talk);
    stays?.socket.send(picture);
    await stays?.frame(1);
    const again = await service.greeted();
    again.socket.send(picture);
    await again.frame(1);
  });

  it('says goodbye to all when the service itself stops', async () => {
    const { service } = await start({}, { live: '0' });
    const talk = await service.greeted();
    await service.app.close();
    expect(await talk.end()).toEqual({ code: 1001, reason: 'The service stops.' });
  });
});
