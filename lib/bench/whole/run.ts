import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { LiveDreamError } from '../../errors.js';
import { PEER_PROGRAMS } from '../peers/python.js';
import { commandOf, foldersOf, type WholeDream, type WholeProgram } from './commands.js';

/** What one run took. */
export interface WholeRun {
  readonly milliseconds: number;
  readonly peakMemoryBytes: number;
  readonly cpuMilliseconds: number;
}

const MOST_SAID = 300;

/** Whether the system can be told to forget files. */
export const FORGETS = process.platform === 'linux';

/** Runs programs from their command to their file. */
export class WholeRunner {
  readonly #dream: WholeDream;
  readonly #signal: AbortSignal | undefined;

  constructor(dream: WholeDream, signal: AbortSignal | undefined) {
    this.#dream = dream;
    this.#signal = signal;
  }

  /** As after the machine's start: its files are read from disk, and nothing is found that was compiled or measured before. */
  async cold(program: WholeProgram): Promise<WholeRun> {
    for (const kept of ['compiled', 'tuning'])
      await rm(path.join(this.#dream.folder, kept), { recursive: true, force: true });
    if (FORGETS) await this.#timed('--forget', ...(await foldersOf(program, this.#dream)));
    return this.warm(program);
  }

  async warm(program: WholeProgram): Promise<WholeRun> {
    const answer = JSON.parse(await this.#timed(...commandOf(program, this.#dream))) as Record<string, number> & {
      readonly said: string;
    };
    const { seconds = 0, memory = 0, cpu = 0, status, said } = answer;
    if (status !== 0) throw new Error(`It ended with ${status}: ${said.trim().replace(/\s+/g, ' ').slice(-MOST_SAID)}`);
    return { milliseconds: seconds * 1000, peakMemoryBytes: memory, cpuMilliseconds: cpu * 1000 };
  }

  async #timed(...args: readonly string[]): Promise<string> {
    const { python, folder } = this.#dream;
    const env = {
      ...process.env,
      LIVEDREAM_COMPILE_CACHE: path.join(folder, 'compiled'),
      LIVEDREAM_TUNING: path.join(folder, 'tuning'),
    };
    const signal = this.#signal;
    try {
      const timed = [path.join(PEER_PROGRAMS, 'timed.py'), ...args];
      return (await promisify(execFile)(python, timed, { env, ...(signal === undefined ? {} : { signal }) })).stdout;
    } catch (error) {
      if (!signal?.aborted) throw error;
      throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: signal.reason });
    }
  }
}
