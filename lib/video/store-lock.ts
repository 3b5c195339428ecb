import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { type LockOptions, withLock } from '../files/lock.js';

const OWNER = 'owner';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const self = (): string => `${process.pid} ${hostname()}`;

/** Whether the last process that worked here did so on this machine and is gone. Its number may be another's by now. */
async function isAbandoned(folder: string): Promise<boolean> {
  const owner = await readFile(path.join(folder, OWNER), 'utf8').catch(() => '');
  const [pid, ...host] = owner.split(' ');
  return host.join(' ') === hostname() && Number(pid) > 0 && !isAlive(Number(pid));
}

/**
 * Does the work while no other process does it in the same folder. A process that was killed leaves its lock, which is only
 * seen to be its own after a while; where that process is known to be gone, nobody waits for it.
 */
export async function withStoreLock<T>(folder: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  if (await isAbandoned(folder)) await rm(path.join(folder, '.lock'), { recursive: true, force: true });
  return withLock(folder, options, async () => {
    await writeFile(path.join(folder, OWNER), self());
    try {
      return await work();
    } finally {
      await rm(path.join(folder, OWNER), { force: true });
    }
  });
}
