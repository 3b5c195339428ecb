import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { runtimeFolder } from '../environment.js';
import type { Platform, Variant } from '../platforms.js';
import type { Runtime } from '../runtime.js';
import { librariesIn } from './libraries.js';

export interface InstalledFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** What `livedream install` writes beside the libraries. */
export interface Manifest {
  readonly version: string;
  readonly variant: Variant;
  readonly platform: string;
  /** SHA-256 of each wheel that it came from, by the wheel's name. */
  readonly wheels: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, InstalledFile>>;
}

export const MANIFEST = 'runtime.json';

/** A home folder may be shared by machines of several kinds, so the platform is part of the name. */
export function installedFolder(version: string, variant: Variant, platform: Platform): string {
  return path.join(runtimeFolder(), `tensorflow-${version}-${variant}-${platform.key}`);
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as Partial<Manifest>;
    const whole = manifest.version && manifest.variant && manifest.platform && manifest.files;
    return whole ? (manifest as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

/** The runtime in a folder made by `livedream install`, or undefined where a file is missing or has another size. */
export async function readInstalled(folder: string, platform: Platform): Promise<Runtime | undefined> {
  const manifest = await readManifest(folder);
  if (manifest?.platform !== platform.key) return undefined;
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    if ((await stat(path.join(folder, name)).catch(() => undefined))?.size !== bytes) return undefined;
  }
  const libraries = await librariesIn(path.join(folder, 'tensorflow'), platform);
  return libraries && { ...libraries, version: manifest.version, variant: manifest.variant, source: 'installed' };
}

/** The folders of the cache that may hold a runtime for this platform: the one to take first. */
export async function installedFolders(platform: Platform): Promise<string[]> {
  const names = await readdir(runtimeFolder()).catch(() => []);
  const mine = names.filter((name) => name.startsWith('tensorflow-') && name.endsWith(`-${platform.key}`));
  // A GPU build, which was asked for by name, before a CPU build; newer before older.
  const gpu = (name: string): number => Number(name.endsWith(`-gpu-${platform.key}`));
  mine.sort((a, b) => gpu(b) - gpu(a) || b.localeCompare(a, 'en', { numeric: true }));
  return mine.map((name) => path.join(runtimeFolder(), name));
}
