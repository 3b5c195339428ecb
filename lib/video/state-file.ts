import { readFile, rename, writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import type { StreamCheckpoint } from '../stream/checkpoint.js';
import { packState, unpackState } from './stream-state.js';

/** Keeping the state may take this part of the time: it is several times as large as a frame. */
const SHARE = 0.1;

/** The state of a coherent stream after the last frame that it was kept for. */
export class StateFile {
  readonly #file: string;
  readonly #now: () => number;
  /** That was not kept yet. */
  #last: { readonly frames: number; readonly state: () => Promise<StreamCheckpoint> } | undefined;
  #next = 0;

  constructor(file: string, now: () => number = () => performance.now()) {
    this.#file = file;
    this.#now = now;
  }

  /** What was kept; undefined where nothing was. */
  async read(): Promise<{ readonly state: StreamCheckpoint; readonly frames: number } | undefined> {
    return unpackState(await readFile(this.#file).catch(() => Buffer.alloc(0)));
  }

  /** The state after so many frames. It is kept where that does not take too much of the time, and else when the next one is. */
  async after(frames: number, state: () => Promise<StreamCheckpoint>): Promise<void> {
    this.#last = { frames, state };
    if (this.#now() < this.#next) return;
    const began = this.#now();
    await this.keep();
    const end = this.#now();
    this.#next = end + (end - began) / SHARE;
  }

  /** Keeps the last one, if it is not kept yet: whoever looks finds it or the one before. */
  async keep(): Promise<void> {
    const last = this.#last;
    if (last === undefined) return;
    const temporary = `${this.#file}.new`;
    await writeFile(temporary, packState(await last.state(), last.frames));
    await rename(temporary, this.#file);
    if (this.#last === last) this.#last = undefined;
  }
}
