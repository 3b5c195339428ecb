import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import packageRoot from '#package-root';

/** A lock that was not renewed for so long belonged to a process that is dead. */
const STALE = 20_000;
const RETRY = 300;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Lockfile = typeof import('proper-lockfile');

let loaded: Lockfile | undefined;

/**
 * proper-lockfile's signal-exit listens to signals as soon as it is loaded, and ends the process where it finds itself the
 * only listener. So it is loaded only here, not by `import 'livedream'`, and its listeners are put before those that are
 * there: behind a `process.once('SIGINT', abort)`, which is gone by the time they look, they would end the process before
 * the abort has cleaned up. Loaded by require, at once: what is new afterwards is signal-exit's and nobody else's.
 */
function loadLockfile(): Lockfile {
  if (loaded) return loaded;
  const before = new Map(SIGNALS.map((name) => [name, process.listeners(name)]));
  loaded = createRequire(path.join(packageRoot, 'package.json'))('proper-lockfile') as Lockfile;
  for (const [name, there] of before) {
    for (const listener of process.listeners(name).filter((each) => !there.includes(each))) {
      process.removeListener(name, listener);
      process.prependListener(name, listener);
    }
  }
  return loaded;
}

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called again and again while another process has the lock. */
  readonly onWait?: (() => void) | undefined;
}

/** The lock's name in its folder. */
export const LOCK = '.lock';

interface Held {
  readonly release: () => Promise<void>;
  /** Aborted where the lock is lost (a machine that slept while another process took over). */
  readonly lost: AbortSignal;
}

/** Undefined where another process has the lock. */
async function take(folder: string): Promise<Held | undefined> {
  const lost = new AbortController();
  try {
    const release = await loadLockfile().lock(folder, {
      stale: STALE,
      lockfilePath: path.join(folder, LOCK),
      // The default throws from a timer, which would end the process.
      onCompromised: (error) => lost.abort(error),
    });
    return { release: () => release().catch(() => undefined), lost: lost.signal };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}

/**
 * Does the work while no other process does it in the same folder, waiting for one as long as it lives. The signal that the
 * work gets is also aborted where the lock is lost.
 */
export async function withLock<T>(
  folder: string,
  { signal, onWait }: LockOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let held: Held | undefined;
  while (held === undefined) {
    signal?.throwIfAborted();
    held = await take(folder);
    if (held !== undefined) break;
    onWait?.();
    await sleep(RETRY, undefined, signal ? { signal } : {});
  }
  try {
    return await work(signal ? AbortSignal.any([signal, held.lost]) : held.lost);
  } finally {
    await held.release();
  }
}

/** Does the work unless another process has the lock. */
export async function ifUnlocked(folder: string, work: () => Promise<void>): Promise<void> {
  const held = await take(folder);
  if (held === undefined) return;
  try {
    await work();
  } finally {
    await held.release();
  }
}
