import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../files/folder.js';
import type { MeasuredBatch } from './measure.js';

/** With when it was measured, by which the oldest go. */
export interface KeptBatch extends MeasuredBatch {
  readonly at: string;
}

/** Another format has another number; a file of one that is not known is replaced. */
const VERSION = 1;
const MOST_ENTRIES = 1000;
const MOST_BATCH = 1024;

/** Of what is being written. */
export const UNFINISHED = '.tmp';

function isKept(value: unknown): value is KeptBatch {
  const { batch, msPerTile, at } = (value ?? {}) as Partial<KeptBatch>;
  const whole = Number.isInteger(batch) && (batch as number) >= 1 && (batch as number) <= MOST_BATCH;
  return whole && typeof msPerTile === 'object' && typeof at === 'string';
}

/** What is in the file; nothing of one that is missing or broken, which the next measurement replaces. */
export async function readKept(file: string): Promise<Map<string, KeptBatch>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    const { version, batches } = JSON.parse(text) as { version?: unknown; batches?: unknown };
    if (version !== VERSION || typeof batches !== 'object' || batches === null) return new Map();
    return new Map(Object.entries(batches).filter((entry): entry is [string, KeptBatch] => isKept(entry[1])));
  } catch {
    return new Map();
  }
}

/**
 * Puts one into the file, as others may have put theirs since it was read; of two processes at the same moment one loses its
 * own, and measures again one day. A folder that cannot be written to keeps nothing, and is no error: the work goes on.
 */
export async function keep(file: string, key: string, measured: KeptBatch): Promise<void> {
  const temporary = `${file}.${randomUUID()}${UNFINISHED}`;
  try {
    await makeFolder(path.dirname(file));
    const all = [...(await readKept(file)).set(key, measured)];
    const newest = all.sort(([, one], [, other]) => other.at.localeCompare(one.at)).slice(0, MOST_ENTRIES);
    const batches = Object.fromEntries(newest);
    await writeFile(temporary, `${JSON.stringify({ version: VERSION, batches }, undefined, 1)}\n`);
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
