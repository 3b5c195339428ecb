import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LiveDreamError } from '../errors.js';
import { unwritable } from '../image/encode.js';
import { writeWhole } from '../image/write.js';
import type { StreamCheckpoint } from '../stream/checkpoint.js';
import type { Frame } from './frame.js';
import { FrameFile } from './frame-file.js';
import { fullDisk } from './full-disk.js';
import { StateFile } from './state-file.js';

/** What the frames of a run hang on: the source, its part, the dream. Plain JSON. */
export type Manifest = Readonly<Record<string, unknown>>;

const MANIFEST = 'manifest.json';
const FRAMES = 'frames';
const STATE = 'state';
/** A film that is being written begins so; what a killed process left is removed. */
const FILM = 'film-';

/** A name for a film that is being written. */
export function unfinishedFilm(folder: string, extension: string): string {
  return path.join(folder, `${FILM}${process.pid}${extension}`);
}

/** The folder beside an output where its finished frames are kept. */
export function storeFolder(output: string): string {
  return `${output.replace(/[/\\]+$/, '')}.livedream`;
}

function unfinished(folder: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_VIDEO_UNFINISHED', `'${folder}' ${why}.`, { cause });
}

/** As JSON has it: what is undefined is not there. */
function plain(manifest: Manifest): Manifest {
  return JSON.parse(JSON.stringify(manifest)) as Manifest;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Manifest);
  } catch (error) {
    throw unfinished(folder, 'is damaged: its manifest cannot be read', error);
  }
}

/** Where two manifests differ, as `seed (7, and now 8)`. */
function difference(had: Manifest, has: Manifest): string {
  const names = [...new Set([...Object.keys(had), ...Object.keys(has)])];
  const different = names.filter((name) => !isDeepStrictEqual(had[name], has[name]));
  return different
    .map((name) => `${name} (${JSON.stringify(had[name])}, and now ${JSON.stringify(has[name])})`)
    .join(', ');
}

const MAKE_ROOM = 'Make room there; frames that were finished are kept, and `--resume` goes on with them.';

export interface StoreOptions {
  /** Whether frames of an earlier run may be there. */
  readonly resume: boolean;
  /** Whether a frame hangs on the one before: then only as many count as the state is known after. */
  readonly coherent: boolean;
}

/** Finished frames of one output. Where nothing is kept yet, it is a folder with nothing in it. */
export class FrameStore {
  readonly folder: string;
  /** After the frames that were there, where they hang together. */
  readonly state: StreamCheckpoint | undefined;
  readonly #file: FrameFile;
  readonly #state: StateFile;

  private constructor(folder: string, file: FrameFile, state: StreamCheckpoint | undefined) {
    this.folder = folder;
    this.state = state;
    this.#file = file;
    this.#state = new StateFile(path.join(folder, STATE));
  }

  /**
   * Opens the store beside an output; the folder is there. Rejects with ERR_LIVEDREAM_VIDEO_UNFINISHED where it holds frames of
   * another run, or of this one and it is not to be resumed.
   */
  static async open(folder: string, given: Manifest, options: StoreOptions): Promise<FrameStore> {
    const { resume, coherent } = options;
    const manifest = plain(given);
    const had = await readManifest(folder);
    for (const name of await readdir(folder))
      if (name.startsWith(FILM)) await rm(path.join(folder, name), { force: true });
    if (!had) for (const name of [FRAMES, STATE]) await rm(path.join(folder, name), { force: true });
    const file = await FrameFile.open(path.join(folder, FRAMES)).catch((error: unknown) => {
      throw fullDisk(error, folder, MAKE_ROOM);
    });
    try {
      if (had && file.count > 0) {
        if (!resume) throw unfinished(folder, `keeps ${file.count} finished frames of an earlier run`);
        if (!isDeepStrictEqual(had, manifest))
          throw unfinished(folder, `keeps frames of a run with another ${difference(had, manifest)}`);
      } else {
        await writeWhole(path.join(folder, MANIFEST), Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`));
      }
      const known = coherent && file.count > 0 ? await new StateFile(path.join(folder, STATE)).read() : undefined;
      const usable = known !== undefined && known.frames <= file.count ? known : undefined;
      if (coherent) await file.cut(usable?.frames ?? 0);
      return new FrameStore(folder, file, usable?.state);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether there is anything in the folder that would be lost with it. */
  static async holdsFrames(folder: string): Promise<boolean> {
    const found = await stat(path.join(folder, FRAMES)).catch(() => undefined);
    return (found?.size ?? 0) > 0;
  }

  /** How many frames are finished. */
  get count(): number {
    return this.#file.count;
  }

  /** Those that were kept when it was opened. Rejects with ERR_LIVEDREAM_VIDEO_UNFINISHED where one is damaged. */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    try {
      yield* this.#file.frames();
    } catch (error) {
      throw unfinished(this.folder, `is damaged: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  /** Keeps a frame, and the state after it. Rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE where the disk is full. */
  async append(frame: Frame, state?: () => Promise<StreamCheckpoint>): Promise<void> {
    try {
      await this.#file.append(frame);
      if (state) await this.#state.after(this.#file.count, state);
    } catch (error) {
      throw fullDisk(error, this.folder, MAKE_ROOM);
    }
  }

  /** Keeps the state after the last frame, where that can still be had. */
  async keepState(): Promise<void> {
    await this.#state.keep().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Makes the folder of a store. Rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
export async function makeStoreFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw unwritable(`The folder '${folder}'`, error.message, error);
  });
}

/** Takes the folder away: all is done, or nothing was. */
export async function removeStore(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
