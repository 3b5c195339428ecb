import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../files/folder.js';
import { storeFailed, uploadAborted } from './failed.js';
import { checkKey, isKey, KINDS, TRIAL } from './keys.js';
import type { FarmStore, LocalFile, Stored } from './store.js';

/** What is being written; one that a killed process left is removed with what is old. */
const UNFINISHED = '.unfinished-';

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function repairOf(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Make room there, or run `npx livedream farm clean --older 1d`.';
  return undefined;
}

/** A folder that all machines of a farm see, such as one of NFS. */
export class FolderStore implements FarmStore {
  readonly place: string;

  constructor(folder: string) {
    this.place = path.resolve(folder);
  }

  async check(): Promise<void> {
    await this.put(TRIAL, Buffer.from('livedream'));
    await this.remove(TRIAL);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#whole(key, async (temporary) => {
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(bytes);
        // Or a power failure might leave the name, by which the job counts as done, with no bytes behind it.
        await handle.datasync();
      } finally {
        await handle.close();
      }
    });
  }

  async putFile(key: string, file: string, signal?: AbortSignal): Promise<void> {
    await this.#whole(key, async (temporary) => {
      if (signal?.aborted) throw uploadAborted(signal);
      await copyFile(file, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      const handle = await open(temporary, 'r+');
      await handle.datasync().finally(() => handle.close());
      if (signal?.aborted) throw uploadAborted(signal);
    });
  }

  async get(key: string): Promise<Buffer | undefined> {
    return readFile(this.#file(key)).catch((error: unknown) => this.#unlessMissing(error));
  }

  async local(key: string): Promise<LocalFile | undefined> {
    const file = this.#file(key);
    if (!(await this.has(key))) return undefined;
    return { file, [Symbol.asyncDispose]: () => Promise.resolve() };
  }

  async has(key: string): Promise<boolean> {
    return (await this.changed(key)) !== undefined;
  }

  async changed(key: string): Promise<Date | undefined> {
    const found = await stat(this.#file(key)).catch((error: unknown) => this.#unlessMissing(error));
    return found?.mtime;
  }

  async touch(key: string): Promise<boolean> {
    const now = new Date();
    const touched = await utimes(this.#file(key), now, now).then(
      () => true,
      (error: unknown) => this.#unlessMissing(error),
    );
    return touched ?? false;
  }

  async remove(key: string): Promise<void> {
    await rm(this.#file(key), { force: true }).catch((error: unknown) => {
      throw storeFailed(this.place, 'cannot be written', error);
    });
  }

  async *list(): AsyncGenerator<Stored, void, undefined> {
    // File managers leave files of their own there.
    for (const kind of KINDS)
      for (const digits of await this.#names(kind))
        if (/^[0-9a-f]{2}$/.test(digits)) yield* this.#listFolder(kind, digits);
  }

  close(): void {}

  #file(key: string): string {
    return path.join(this.place, checkKey(key));
  }

  async *#listFolder(...folder: string[]): AsyncGenerator<Stored, void, undefined> {
    for (const name of await this.#names(...folder)) {
      const key = [...folder, name].join('/');
      // It may be removed meanwhile.
      const found = isKey(key) ? await stat(this.#file(key)).catch(() => undefined) : undefined;
      if (found?.isFile()) yield { key, bytes: found.size, changed: found.mtime };
    }
  }

  async #names(...folder: string[]): Promise<string[]> {
    return readdir(path.join(this.place, ...folder)).catch((error: unknown) => this.#unlessMissing(error) ?? []);
  }

  #unlessMissing(error: unknown): undefined {
    if (isMissing(error)) return undefined;
    throw storeFailed(this.place, 'cannot be read', error);
  }

  /** Whoever looks sees nothing or the whole. */
  async #whole(key: string, write: (temporary: string) => Promise<void>): Promise<void> {
    const file = this.#file(key);
    const temporary = path.join(path.dirname(file), `${UNFINISHED}${randomUUID()}`);
    try {
      await write(temporary).catch(async (error: unknown) => {
        if (!isMissing(error)) throw error;
        // The first of its folder.
        await makeFolder(path.dirname(file));
        await write(temporary);
      });
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw storeFailed(this.place, 'cannot be written', error, repairOf(error));
    }
  }
}
