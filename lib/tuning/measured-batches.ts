import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../errors.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import { readKept, UNFINISHED } from './kept.js';
import { type KeyFacts, readKey } from './key.js';

/** How many tiles, or small pictures, were measured to be fastest side by side. */
export interface FastestBatch extends KeyFacts {
  readonly batch: number;
  /** Milliseconds that one tile takes in a step, by batch. */
  readonly msPerTile: Readonly<Record<string, number>>;
  readonly measured: Date;
}

/** What was measured of batches and is kept for the next process. */
export interface MeasuredBatches {
  /** Undefined where LIVEDREAM_TUNING is `off`. */
  readonly file: string | undefined;
  /** The last measured first. */
  readonly entries: readonly FastestBatch[];
}

/** What was removed. */
export interface ClearedBatches {
  readonly file: string | undefined;
  readonly entries: number;
}

/**
 * Looks at what was measured of batches (LIVEDREAM_TUNING); measures nothing.
 * @example
 * ```ts
 * import { measuredBatches } from 'livedream';
 *
 * const { file, entries } = await measuredBatches();
 * for (const { batch, msPerTile, measured } of entries) console.log(file, batch, msPerTile, measured.toISOString());
 * ```
 */
export async function measuredBatches(): Promise<MeasuredBatches> {
  const file = ENVIRONMENT.tuningFile();
  if (file === undefined) return { file, entries: [] };
  const entries = [...(await readKept(file))].flatMap(([key, { batch, msPerTile, at }]) => {
    const facts = readKey(key);
    const measured = new Date(at);
    return facts && !Number.isNaN(measured.getTime()) ? [{ ...facts, batch, msPerTile, measured }] : [];
  });
  return { file, entries: entries.sort((a, b) => b.measured.getTime() - a.measured.getTime()) };
}

/**
 * Removes all of it, so that it is measured again; a Dreamer that is loaded goes on with what it knows.
 * @throws LiveDreamError ERR_LIVEDREAM_CACHE_UNWRITABLE where it cannot be removed
 * @example
 * ```ts
 * import { clearMeasuredBatches } from 'livedream';
 *
 * const { file, entries } = await clearMeasuredBatches();
 * console.log(`${entries} entries of ${file} are gone`);
 * ```
 */
export async function clearMeasuredBatches(): Promise<ClearedBatches> {
  const file = ENVIRONMENT.tuningFile();
  if (file === undefined) return { file, entries: 0 };
  const entries = (await readKept(file)).size;
  for (const each of await filesOf(file)) await remove(each);
  return { file, entries };
}

/** The file, and what a process left beside it that died in writing. */
async function filesOf(file: string): Promise<string[]> {
  const folder = path.dirname(file);
  const beside = await readdir(folder).catch(() => []);
  const ours = (name: string): boolean => name.startsWith(`${path.basename(file)}.`) && name.endsWith(UNFINISHED);
  const found = [file, ...beside.filter(ours).map((name) => path.join(folder, name))];
  const there = await Promise.all(found.map((each) => stat(each).catch(() => undefined)));
  return found.filter((_, index) => there[index]?.isFile());
}

async function remove(file: string): Promise<void> {
  try {
    await rm(file, { force: true });
  } catch (cause) {
    throw new LiveDreamError('ERR_LIVEDREAM_CACHE_UNWRITABLE', `The measured batches '${file}' cannot be removed.`, {
      cause,
      repair: 'Let the folder be written to, or set LIVEDREAM_TUNING to another.',
    });
  }
}
