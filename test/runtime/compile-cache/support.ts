import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach } from 'vitest';
import packageRoot from '#package-root';
import { smallModel } from '../../support/models.js';

const run = promisify(execFile);
const child = path.join(packageRoot, 'test/support/compile-child.mjs');

export interface Compiled {
  readonly compilations: number;
  readonly compilationsFromCache: number;
  readonly compile: number;
  readonly steps: number;
  readonly programsBuilt: number;
  readonly sha256: string;
  /** What the process wrote to stderr. */
  readonly stderr: string;
}

export interface Wanted {
  readonly layer?: string;
  readonly size?: readonly [number, number];
  readonly load?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestCache {
  /** A new one for each test, removed after it. */
  folder: string;
  dream(wanted?: Wanted): Promise<Compiled>;
  /** Of the entries. */
  files(): string[];
}

function entriesBelow(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true }) as string[];
  return below.filter((name) => name.endsWith('.xla')).map((name) => path.join(folder, name));
}

/** A process of its own that dreams with XLA and this cache. */
export async function dreamWith(folder: string, wanted: Wanted = {}): Promise<Compiled> {
  const { layer = 'mixed3a', size = [64, 48], load = {}, options = {}, env = {} } = wanted;
  const request = JSON.stringify({ graph: smallModel().file, layer, size, load, options: { octaves: 1, ...options } });
  const { stdout, stderr } = await run(process.execPath, [child, request], {
    env: { ...process.env, LIVEDREAM_COMPILE_CACHE: folder, ...env },
  });
  return { ...(JSON.parse(stdout) as Omit<Compiled, 'stderr'>), stderr };
}

export function useCompileCache(): TestCache {
  const cache: TestCache = {
    folder: '',
    dream: (wanted) => dreamWith(cache.folder, wanted),
    files: () => entriesBelow(cache.folder),
  };
  beforeEach(() => {
    cache.folder = mkdtempSync(path.join(tmpdir(), 'livedream-compiled-'));
  });
  afterEach(() => {
    rmSync(cache.folder, { recursive: true, force: true });
  });
  return cache;
}
