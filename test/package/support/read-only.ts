import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { bareEnvironment } from './installers.js';
import { run } from './packed.js';

/** As root, or as one who may have a user namespace. */
const WAYS = [['--mount'], ['--user', '--map-root-user', '--mount']];
const MOUNT = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && shift && exec "$@"';

const way = WAYS.find(
  (flags) => spawnSync('unshare', [...flags, 'sh', '-c', MOUNT, 'sh', tmpdir(), 'true']).status === 0,
);

/** Whether this user may mount a folder read-only for one process. */
export const canMount = way !== undefined;

/** What a program prints, run in a folder that nobody can write to. */
export async function programInReadOnly(folder: string, command: readonly string[]): Promise<string> {
  const env = { ...bareEnvironment(folder), PATH: process.env['PATH'] };
  const { stdout } = await run('unshare', [...(way ?? []), 'sh', '-c', MOUNT, 'sh', folder, ...command], { env });
  return stdout.trim();
}
