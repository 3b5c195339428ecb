import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import packageRoot from '#package-root';
import type { InstallOptions, InstallProgress } from '../../../lib/runtime/install/install.js';
import type { Platform } from '../../../lib/runtime/platforms.js';
import type { Runtime } from '../../../lib/runtime/runtime.js';

const support = path.join(packageRoot, 'test/runtime/support');

/** A line that an installer prints. */
export type Told =
  | InstallProgress
  | { readonly runtime: Runtime }
  | { readonly error: { code: string; message: string } };

export interface InstallerEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it printed last. */
  readonly last: Told | undefined;
}

export interface Installer {
  readonly child: ChildProcess;
  readonly end: Promise<InstallerEnd>;
  /** When it has told something that is so. */
  readonly told: (is: (line: Partial<InstallProgress>) => boolean) => Promise<void>;
}

export interface InstallerOptions extends Pick<InstallOptions, 'force' | 'from' | 'variant'> {
  /** Before which of its changes to the file system it kills itself: from 1. */
  readonly killAt?: number;
  readonly cache: string;
}

/** Begins an installer in a process of its own, with this process's environment. */
export function startInstaller(platform: Platform, { killAt, cache, ...options }: InstallerOptions): Installer {
  const kill = killAt === undefined ? [] : ['--import', path.join(support, 'kill-self.mjs')];
  const args = [...kill, path.join(support, 'install-child.mjs'), JSON.stringify(platform), JSON.stringify(options)];
  const env = { ...process.env, LIVEDREAM_CACHE: cache, KILL_AT: String(killAt) };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Told[] = [];
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  reader.on('line', (line) => lines.push(JSON.parse(line) as Told));
  const end = once(child, 'close').then(([code, signal]) => ({ code, signal, last: lines.at(-1) }));
  const told: Installer['told'] = (is) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (lines.some((line) => is(line as Partial<InstallProgress>))) resolve();
      };
      reader.on('line', look);
      reader.once('close', () => reject(new Error(`The installer ended with ${JSON.stringify(lines.at(-1))}.`)));
      look();
    });
  return { child, end, told };
}
