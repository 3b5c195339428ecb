import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../files/folder.js';
import { storeFailed } from './failed.js';
import { checkKey, KINDS } from './keys.js';
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
    const trial = path.join(this.place, `${UNFINISHED}${randomUUID()}`);
    try {
      await makeFolder(this.place);
      await writeFile(trial, 'livedream');
      await rm(trial);
    } catch (error) {
      throw storeFailed(this.place, 'cannot be written', error, repairOf(error));
    }
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

  async putFile(key: string, file: string): Promise<void> {
    await this.#whole(key, async (temporary) => {
      await copyFile(file, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      const handle = await open(temporary, 'r+');
      await handle.datasync().finally(() => handle.close());
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
    const there = await access(this.#file(key)).then(
      () => true,
      (error: unknown) => this.#unlessMissing(error),
    );
    return there ?? false;
  }

  async remove(key: string): Promise<void> {
    await rm(this.#file(key), { force: true }).catch((error: unknown) => {
      throw storeFailed(this.place, 'cannot be written', error);
    });
  }

  async *list(): AsyncGenerator<Stored, void, undefined> {
    for (const kind of KINDS) {
      for (const digits of await this.#names(kind)) {
        for (const name of await this.#names(kind, digits)) {
          const found = await stat(path.join(this.place, kind, digits, name)).catch(() => undefined);
          if (found) yield { key: `${kind}/${digits}/${name}`, bytes: found.size, changed: found.mtime };
        }
      }
    }
  }

  close(): void {}

  #file(key: string): string {
    return path.join(this.place, checkKey(key));
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
