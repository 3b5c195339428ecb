import type { Queue } from 'bullmq';
import { planOf, segmentJob } from '../jobs/film-job.js';
import { idOf } from '../jobs/picture-job.js';
import { QUEUE } from '../names.js';
import { hashOf } from '../store/keys.js';
import type { FarmStore, Stored } from '../store/store.js';
import type { FarmConnection } from './farm-connection.js';
import type { Cleaned } from './told.js';

/** Jobs that are asked for, or removed, at one time. */
const AT_A_TIME = 1000;
const HASH = /[0-9a-f]{64}/g;

interface Seen {
  /** Hashes that jobs name which are not over, their own among them. */
  readonly needed: Set<string>;
  /** How many failed before the time. */
  readonly failed: number;
}

/**
 * Reads all jobs of the farm. Not by their states: one that goes from one state to another meanwhile would be missed, while a scan
 * finds all keys that are there from its beginning to its end.
 */
async function seeJobs({ redis, namespace, store }: FarmConnection, before: number): Promise<Seen> {
  const needed = new Set<string>();
  let failed = 0;
  const start = `${namespace}:${QUEUE}:`;
  const keys = redis.scanStream({ match: `${start}*`, count: AT_A_TIME, type: 'hash' });
  for await (const page of keys as AsyncIterable<string[]>)
    for (const key of page) {
      const id = key.slice(start.length);
      if (!/^[0-9a-f]{64}$/.test(id)) continue;
      const [data, finished, reason] = await redis.hmget(key, 'data', 'finishedOn', 'failedReason');
      if (finished) failed += reason && Number(finished) < before ? 1 : 0;
      else await need(needed, store, id, data ?? '');
    }
  return { needed, failed };
}

/** All that a job names, and a film's segments, of which some may be dreamed already. */
async function need(needed: Set<string>, store: FarmStore, id: string, data: string): Promise<void> {
  for (const hash of [id, ...(data.match(HASH) ?? [])]) needed.add(hash);
  const { kind } = JSON.parse(data || '{}') as { readonly kind?: unknown };
  const plan = kind === 'film' ? await planOf(store, id) : undefined;
  for (const segment of plan?.segments ?? [])
    needed.add(idOf(segmentJob(id, plan as NonNullable<typeof plan>, segment)));
}

function isDone({ key }: Stored): boolean {
  return key.startsWith('results/') && key.endsWith('.json');
}

/** What may go: what says that a job is done before what came of it, so that nobody trusts in what is half gone. */
async function staleOf(store: FarmStore, needed: ReadonlySet<string>, before: number): Promise<readonly Stored[]> {
  const stale: Stored[] = [];
  for await (const each of store.list()) {
    const hash = hashOf(each.key);
    // An upload that goes on for so long belongs to a job, of which another attempt may be long over.
    const isNeeded = hash !== undefined && each.upload === undefined && needed.has(hash);
    if (each.changed.getTime() < before && !isNeeded) stale.push(each);
  }
  return stale.sort((a, b) => Number(isDone(b)) - Number(isDone(a)));
}

async function removeFailed(queue: Queue, olderThan: number): Promise<number> {
  let removed = 0;
  for (;;) {
    const ids = await queue.clean(olderThan, AT_A_TIME, 'failed');
    removed += ids.length;
    if (ids.length < AT_A_TIME) return removed;
  }
}

/**
 * Removes what is older than so many milliseconds from the store, but for what jobs that are not over and living workers need, and
 * failed jobs from Redis.
 */
export async function cleanFarm(
  farm: FarmConnection,
  { olderThan, dryRun, now = Date.now() }: { olderThan: number; dryRun: boolean; now?: number },
): Promise<Cleaned> {
  const { store, queue } = farm;
  const before = now - olderThan;
  const { needed, failed } = await seeJobs(farm, before);
  for (const { about } of await farm.workers()) needed.add(hashOf(about) ?? '');
  let [files, bytes] = [0, 0];
  for (const { key, upload, bytes: size } of await staleOf(store, needed, before)) {
    // Whoever puts in a job touches what it names first: since the jobs were read, it may have become young.
    const changed = upload === undefined ? await store.changed(key) : undefined;
    if (changed && changed.getTime() >= before) continue;
    if (!dryRun) await store.remove(key, upload);
    files += 1;
    bytes += size;
  }
  return { files, bytes, jobs: dryRun ? failed : await removeFailed(queue, olderThan) };
}
