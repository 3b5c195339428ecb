import { type BigIntStats, fstatSync } from 'node:fs';
import { lstat, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { optionRangeError } from '../errors.js';
import { findPlace } from '../image/place.js';
import { STANDARD } from './standard-streams.js';

/** A file, or where one will be, told from all others by whatever path it is reached. */
interface Identity {
  /** Of what is there, its device and inode: links share them, and names that a disk takes for the same. */
  readonly key: string;
  /** Of what is not there yet, its folder and name: a disk may take other names for the same. */
  readonly to?: { readonly folder: string; readonly name: string };
}

/** Undefined for what is no file: a pipe, a terminal or a device keeps nothing that could be lost. */
function identityOf(there: BigIntStats): Identity | undefined {
  return there.isFile() ? { key: `${there.dev}:${there.ino}` } : undefined;
}

function ofStandardStream(descriptor: 0 | 1): Identity | undefined {
  try {
    return identityOf(fstatSync(descriptor, { bigint: true }));
  } catch {
    return undefined;
  }
}

interface Output {
  readonly file: string;
  readonly identity: Identity;
}

async function identify(file: string, descriptor: 0 | 1): Promise<Identity | undefined> {
  if (file === STANDARD) return ofStandardStream(descriptor);
  try {
    const { path: place, there } = await findPlace(file);
    if (there) return identityOf(there);
    const to = { folder: path.dirname(place), name: path.basename(place) };
    const { dev, ino } = await stat(to.folder, { bigint: true });
    return { key: `${dev}:${ino}/${to.name}`, to };
  } catch {
    // In a folder that is yet to be made, or that we may not look into.
    const to = { folder: path.dirname(path.resolve(file)), name: path.basename(file) };
    return { key: path.resolve(file), to };
  }
}

/** Names that only differ in what some disks do not look at: the case of letters, and how accents are written. */
function folded(key: string): string {
  return key.normalize('NFD').toUpperCase().toLowerCase();
}

async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  const above = path.dirname(folder);
  return found?.isDirectory() || above === folder ? folder : nearestFolder(above);
}

/** Whether a disk takes two names for the same. Only the disk knows, so it is asked, in a folder of our own. */
export async function isOneName(folder: string, first: string, second: string): Promise<boolean> {
  // Where nothing can be written, nothing will be lost.
  const own = await mkdtemp(path.join(await nearestFolder(folder), '.livedream-')).catch(() => undefined);
  if (own === undefined) return false;
  try {
    await writeFile(path.join(own, first), '');
    await lstat(path.join(own, second));
    return true;
  } catch {
    return false;
  } finally {
    await rm(own, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Throws a RangeError where an output would overwrite what is read. */
async function refuseInputs(inputs: readonly string[], outputs: readonly Output[]): Promise<void> {
  const byKey = new Map(outputs.map(({ file, identity }) => [identity.key, file]));
  for (const input of inputs) {
    const identity = await identify(input, 0);
    const output = identity && byKey.get(identity.key);
    // What is not there cannot be lost.
    if (output === undefined || identity?.to) continue;
    throw optionRangeError(
      'output',
      `another file than '${input === STANDARD ? 'standard input' : input}', which is read and would be lost`,
      output,
    );
  }
}

async function areSame(one: Identity, other: Identity, oneName: typeof isOneName): Promise<boolean> {
  if (one.key === other.key) return true;
  return one.to !== undefined && other.to !== undefined && oneName(one.to.folder, one.to.name, other.to.name);
}

/** Throws a RangeError where two outputs are the same file. */
async function refuseTwice(outputs: readonly Output[], oneName: typeof isOneName): Promise<void> {
  const alike = new Map<string, Identity[]>();
  for (const { file, identity } of outputs) {
    const others = alike.get(folded(identity.key)) ?? [];
    for (const other of others) {
      if (await areSame(other, identity, oneName))
        throw optionRangeError('output', 'such that each dream has a file of its own', file);
    }
    alike.set(folded(identity.key), [...others, identity]);
  }
}

/**
 * Throws a RangeError where an output is one of the files that are read, or two outputs are the same file, by whatever path:
 * nothing is to be lost.
 */
export async function refuseSameFiles(
  inputs: readonly string[],
  outputs: readonly string[],
  oneName: typeof isOneName = isOneName,
): Promise<void> {
  const found: Output[] = [];
  for (const file of outputs) {
    const identity = await identify(file, 1);
    if (identity) found.push({ file, identity });
  }
  await refuseInputs(inputs, found);
  await refuseTwice(found, oneName);
}
