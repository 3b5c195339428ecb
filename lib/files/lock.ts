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

/**
 * Does the work while no other process does it in the same folder, waiting for one as long as it lives. The signal that the
 * work gets is also aborted where the lock is lost (a machine that slept while another process took over).
 */
export async function withLock<T>(
  folder: string,
  { signal, onWait }: LockOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lockfile = loadLockfile();
  const lost = new AbortController();
  let release: (() => Promise<void>) | undefined;
  while (release === undefined) {
    signal?.throwIfAborted();
    try {
      release = await lockfile.lock(folder, {
        stale: STALE,
        lockfilePath: path.join(folder, '.lock'),
        // The default throws from a timer, which would end the process.
        onCompromised: (error) => lost.abort(error),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      onWait?.();
      await sleep(RETRY, undefined, signal ? { signal } : {});
    }
  }
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    await release().catch(() => undefined);
  }
}
