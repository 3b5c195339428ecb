import type { Redis } from 'ioredis';
import type { KnownWorker } from './jobs/known-worker.js';
import type { WorkerFacts } from './jobs/needs.js';
import { workersKey } from './names.js';

/** Milliseconds between signs of life, and how long one holds. */
const BETWEEN = 4000;
const HOLDS = 3 * BETWEEN;

type Counts = Pick<KnownWorker, 'active' | 'done' | 'failed' | 'liveClients'>;

async function now(redis: Redis): Promise<number> {
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  return seconds * 1000 + Math.floor(micros / 1000);
}

/** The workers that live, oldest first; what is known of dead ones is forgotten. */
export async function workersOf(redis: Redis, namespace: string): Promise<readonly KnownWorker[]> {
  const [all, time] = await Promise.all([redis.hgetall(workersKey(namespace)), now(redis)]);
  const known = Object.values(all).map((text) => JSON.parse(text) as KnownWorker);
  const dead = known.filter(({ seen }) => time - seen > HOLDS);
  if (dead.length > 0) await redis.hdel(workersKey(namespace), ...dead.map(({ id }) => id));
  return known.filter((each) => !dead.includes(each)).sort((a, b) => a.since - b.since);
}

/** Tells the farm that a worker lives, as long as it does. */
export class Registration {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #facts: WorkerFacts;
  readonly #counts: () => Counts;
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis, namespace: string, facts: WorkerFacts, counts: () => Counts) {
    this.#redis = redis;
    this.#key = workersKey(namespace);
    this.#facts = facts;
    this.#counts = counts;
  }

  async begin(): Promise<void> {
    await this.#tell();
    this.#timer = setInterval(() => void this.#tell().catch(() => undefined), BETWEEN);
    this.#timer.unref();
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#redis.hdel(this.#key, this.#facts.id);
  }

  async #tell(): Promise<void> {
    const known: KnownWorker = { ...this.#facts, ...this.#counts(), seen: await now(this.#redis) };
    await this.#redis.hset(this.#key, this.#facts.id, JSON.stringify(known));
  }
}
