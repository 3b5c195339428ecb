import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FastifyInstance, fastify } from 'fastify';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, type FarmWorker, type WorkerOptions, workOnFarm } from '../../lib/farm/index.js';
import { type FarmServiceOptions, livedream } from '../../lib/service/plugin.js';
import { TEST_DEVICE } from '../support/device.js';
import { smallModel } from '../support/models.js';
import { TestRedis } from '../support/redis.js';

const SHORT = { octaves: 2, iterations: 2 } as const;

/** The small network with filters, whose thumbnails are quick. */
export async function filteredDreamer(): Promise<Dreamer> {
  const filters = {
    waves: { layer: 'mixed3b', options: SHORT },
    'coral reef': { layer: 'mixed3a', channel: 3, options: SHORT },
  };
  const model = { name: 'small', graph: smallModel().file, defaultLayer: 'mixed3b', filters };
  return Dreamer.load({ model, device: TEST_DEVICE, xla: false });
}

/** A farm of a real Redis and a folder, with workers and services that end with it. */
export class TestFarm implements AsyncDisposable {
  readonly redis: TestRedis;
  readonly place: { readonly queue: string; readonly store: string };
  readonly #ends: (() => Promise<unknown>)[] = [];

  private constructor(redis: TestRedis, store: string) {
    this.redis = redis;
    this.place = { queue: redis.url, store };
  }

  static async start(): Promise<TestFarm> {
    return new TestFarm(await TestRedis.start(), mkdtempSync(path.join(tmpdir(), 'livedream-farm-')));
  }

  async worker(dreamer: Dreamer, options: WorkerOptions = {}): Promise<FarmWorker> {
    const worker = await workOnFarm(dreamer, { ...this.place, concurrency: 1, ...options });
    this.#ends.push(() => worker.close(true));
    return worker;
  }

  async farm(): Promise<Farm> {
    const farm = await Farm.open(this.place);
    this.#ends.push(() => farm.close());
    return farm;
  }

  /** A service whose dreams this farm's workers make. */
  async service(options: Omit<FarmServiceOptions, 'farm'> = {}, lines: string[] = []): Promise<FastifyInstance> {
    const farm = await this.farm();
    const app = fastify({ logger: { level: 'debug', stream: { write: (line: string) => void lines.push(line) } } });
    await app.register(livedream, { farm, ...options });
    this.#ends.push(() => app.close());
    return app;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
    await this.redis[Symbol.asyncDispose]();
    rmSync(this.place.store, { recursive: true, force: true });
  }
}

/** Resolves when the service sees its workers. */
export async function ready(app: FastifyInstance): Promise<void> {
  while ((await app.inject('/readyz')).statusCode !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
}
