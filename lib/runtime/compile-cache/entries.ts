import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** A program that XLA compiled, kept on disk. */
export interface CompiledProgram {
  readonly file: string;
  /** Such as "a step of a picture of 480 x 360 pixels on 'mixed4d', compiled by XLA"; empty where the file is not readable. */
  readonly description: string;
  readonly bytes: number;
  readonly lastUsed: Date;
}

/** As native/cache/entry_store.cc names them. */
const ENTRY = '.xla';
const UNFINISHED = '.tmp';

/** Lines of text come before the program itself: native/cache/entry_file.h. */
const DESCRIPTION_LINE = 4;
const TEXT_BYTES = 4096;

async function descriptionOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TEXT_BYTES), 0, TEXT_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString('utf8').split('\n')[DESCRIPTION_LINE] ?? '';
  } finally {
    await handle.close();
  }
}

/** Undefined where another process has removed it. */
async function readEntry(file: string): Promise<CompiledProgram | undefined> {
  const facts = await stat(file).catch(() => undefined);
  if (!facts) return undefined;
  return {
    file,
    description: await descriptionOf(file).catch(() => ''),
    bytes: facts.size,
    lastUsed: facts.mtime,
  };
}

async function childrenOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** The folders of the machines, as many as have used this cache. */
export async function machineFolders(cache: string): Promise<string[]> {
  const children = await childrenOf(cache);
  return children.filter((child) => child.isDirectory()).map(({ name }) => path.join(cache, name));
}

async function filesOf(machine: string, extensions: readonly string[]): Promise<string[]> {
  const children = await childrenOf(machine);
  const files = children.filter((child) => child.isFile() && extensions.includes(path.extname(child.name)));
  return files.map(({ name }) => path.join(machine, name));
}

/** The files of a machine that are the cache's, those too that a process left half-written. */
export async function cacheFiles(machine: string): Promise<string[]> {
  return filesOf(machine, [ENTRY, UNFINISHED]);
}

/** All entries of all machines, the last used first. */
export async function readEntries(cache: string): Promise<CompiledProgram[]> {
  const machines = await machineFolders(cache);
  const files = (await Promise.all(machines.map((machine) => filesOf(machine, [ENTRY])))).flat();
  const entries = (await Promise.all(files.map(readEntry))).filter((entry) => entry !== undefined);
  return entries.sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}
