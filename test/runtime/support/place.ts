import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { currentPlatform, type Platform } from '../../../lib/runtime/platforms.js';

/** Everything of this machine that could answer in the place of what a test made. */
const OUTSIDE = ['LIVEDREAM_TENSORFLOW', 'LIVEDREAM_PYTHON', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'LD_LIBRARY_PATH'];

export interface Place {
  /** A new folder for each test, removed after it. */
  folder: string;
  /** LIVEDREAM_CACHE: never the user's own. */
  cache: string;
  /** The whole PATH: empty but for what the test puts there. */
  bin: string;
}

/** Gives each test of a file its own cache, PATH and folder, and nothing of the machine's. */
export function usePlace(): Place {
  const place: Place = { folder: '', cache: '', bin: '' };
  beforeEach(() => {
    place.folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
    place.cache = path.join(place.folder, 'cache');
    place.bin = path.join(place.folder, 'bin');
    mkdirSync(place.bin);
    for (const name of OUTSIDE) vi.stubEnv(name, undefined);
    vi.stubEnv('LIVEDREAM_CACHE', place.cache);
    vi.stubEnv('PATH', place.bin);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(place.folder, { recursive: true, force: true });
  });
  return place;
}

export function thisPlatform(): Platform {
  const platform = currentPlatform();
  if (!platform) throw new Error('These tests need Linux or macOS.');
  return platform;
}

/** Writes two files with the names of libtensorflow's. */
export function fakeLibraries(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const { framework, library } = thisPlatform();
  for (const name of [framework, library]) writeFileSync(path.join(folder, name), 'no library');
  return folder;
}

export function executable(file: string, script: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  chmodSync(file, 0o755);
}

/** All files below a folder, by their relative names. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => !statSync(path.join(folder, name)).isDirectory()).sort();
}
