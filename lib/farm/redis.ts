import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { LiveDreamError } from '../errors.js';
import { farmPackage } from './packages.js';

/** What BullMQ recommends; Valkey counts as 7.2. */
const OLDEST = [6, 2] as const;
/** Milliseconds until a server that does not answer counts as not there. */
const PATIENCE = 5000;
/** Milliseconds between attempts to reach it again, at most. */
const MOST_BETWEEN = 2000;

/** Milliseconds that a server has to take leave. */
const PARTING = 2000;

/** An address without its password, for messages. */
export function shownAddress(queue: string): string {
  if (!URL.canParse(queue)) return queue.replace(/\/\/.*@/, '//');
  const { protocol, host, pathname } = new URL(queue);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function unfit(queue: string, why: string, repair: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_FARM_QUEUE', `The Redis at ${shownAddress(queue)} ${why}.`, {
    cause,
    repair,
  });
}

function unreachable(queue: string, error: unknown): LiveDreamError {
  const { message, code } = error as Error & { readonly code?: string };
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password|without any password|no password is set/i.test(message)) {
    const repair =
      'Say the right ones, as in `redis://user:password@host:6379`, by LIVEDREAM_QUEUE rather than by a flag.';
    return unfit(queue, `does not take this user and password (${message})`, repair, error);
  }
  const why = message || code || String(error);
  const repair =
    'Start one (`apt-get install redis-server`, or docs/farm.md for containers), or say where it is by `--queue` or LIVEDREAM_QUEUE.';
  return unfit(queue, `cannot be reached (${why})`, repair, error);
}

/** A line of what INFO tells. */
function told(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/** Throws ERR_LIVEDREAM_FARM_QUEUE for a server that jobs are not safe with. */
export function checkServer(queue: string, info: string): void {
  const version = told(info, 'redis_version') ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw unfit(queue, `has version ${version}`, `Use Redis ${OLDEST.join('.')} or later, or Valkey.`);
  const role = told(info, 'role');
  if (role === 'slave') throw unfit(queue, 'is a replica, which takes no jobs', 'Give the address of its primary.');
  const policy = told(info, 'maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    const repair =
      'Set `maxmemory-policy noeviction` in its configuration, or now with `redis-cli config set maxmemory-policy noeviction`.';
    throw unfit(
      queue,
      `throws keys away when its memory is full (maxmemory-policy ${policy}), and jobs with them`,
      repair,
    );
  }
}

const leaving = new WeakMap<Redis, () => void>();

/**
 * Ends a connection of `connect` and those that were made after it, once what is still to be said is said, or cannot be said as the
 * server is away.
 */
export async function leave(redis: Redis, farewell: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([farewell.catch(() => undefined), sleep(PARTING, undefined, { signal: patience.signal })]);
  patience.abort();
  leaving.get(redis)?.();
  redis.disconnect();
}

/**
 * Connects to the farm's Redis and finds out whether jobs are safe with it; later breaks are mended by themselves.
 * Rejects with ERR_LIVEDREAM_FARM_QUEUE or _FARM_PACKAGE.
 */
export async function connect(queue: string): Promise<Redis> {
  const { Redis: Client } = await farmPackage('ioredis');
  let reached = false;
  const redis = new Client(queue, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    // BullMQ's own wish for connections that wait for jobs: a command waits for the server as long as it takes.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (reached ? Math.min(times * 100, MOST_BETWEEN) : null),
  });
  let last: unknown;
  // Without a listener ioredis prints every one.
  redis.on('error', (error: unknown) => {
    last = error;
  });
  try {
    await redis.connect();
    checkServer(queue, `${await redis.info('server')}${await redis.info('memory')}${await redis.info('replication')}`);
    reached = true;
    leaving.set(redis, () => {
      reached = false;
    });
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error instanceof LiveDreamError ? error : unreachable(queue, last ?? error);
  }
}
