// The tarball as `npm run prebuild && npm pack` would make it of this clone, but with the addon that is built already. Made
// once for all test files, under .cache/package.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import packageRoot from '#package-root';
import { withLock } from '../../../lib/files/lock.js';

export const run = promisify(execFile);

export interface Packed {
  readonly tarball: string;
  /** In bytes, compressed and not. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

const CACHE = path.join(packageRoot, '.cache/package');
const ADDON = 'build/Release/livedream.node';
/** What packing takes besides what package.json names. */
const TOOLS = ['tools/vendor-headers.mjs', 'tools/prebuild.mjs'];

function inputs(): string[] {
  const { files } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { files: string[] };
  const names = files.filter((name) => name !== 'prebuilds' && existsSync(path.join(packageRoot, name)));
  return ['package.json', ADDON, ...TOOLS, ...names];
}

/** Of names, sizes and times: what is compiled anew is packed anew. */
function keyOf(names: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (name: string): void => {
    const status = statSync(path.join(packageRoot, name));
    if (status.isDirectory())
      for (const entry of readdirSync(path.join(packageRoot, name)).sort()) add(path.join(name, entry));
    else hash.update(`${name} ${status.size} ${status.mtimeMs}\n`);
  };
  for (const name of names) add(name);
  return hash.digest('hex').slice(0, 16);
}

async function pack(stage: string, names: readonly string[]): Promise<void> {
  for (const name of names) await cp(path.join(packageRoot, name), path.join(stage, name), { recursive: true });
  await symlink(path.join(packageRoot, 'node_modules'), path.join(stage, 'node_modules'));
  await run(process.execPath, ['tools/vendor-headers.mjs'], { cwd: stage });
  // prebuildify names and strips what is in build/Release; nothing is compiled for it here.
  await writeFile(path.join(stage, 'tools/prebuild-cmake.mjs'), '#!/usr/bin/env node\n', { mode: 0o755 });
  await run(process.execPath, ['tools/prebuild.mjs'], { cwd: stage });
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: stage });
  const [packed] = JSON.parse(stdout) as (Packed & { filename: string })[];
  if (packed === undefined) throw new Error(`npm pack said ${stdout}`);
  await rename(path.join(stage, packed.filename), path.join(stage, 'livedream.tgz'));
  await writeFile(path.join(stage, 'packed.json'), JSON.stringify(packed));
}

/** Once, though two test files may ask at the same time. */
async function packOnce(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  await withLock(CACHE, {}, async () => {
    if (existsSync(folder)) return;
    for (const old of readdirSync(CACHE).filter((name) => name !== '.lock'))
      await rm(path.join(CACHE, old), { recursive: true, force: true });
    const stage = await mkdtemp(path.join(CACHE, 'stage-'));
    await pack(stage, names);
    await rename(stage, folder);
  });
}

/** The tarball, and what npm says of it. */
export async function packedTarball(): Promise<Packed> {
  const names = inputs();
  const folder = path.join(CACHE, keyOf(names));
  if (!existsSync(folder)) await packOnce(folder, names);
  const packed = JSON.parse(await readFile(path.join(folder, 'packed.json'), 'utf8')) as Packed;
  return { ...packed, tarball: path.join(folder, 'livedream.tgz') };
}
