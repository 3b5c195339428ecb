import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Farm } from '../../lib/farm/farm.js';
import type { WorkerFacts } from '../../lib/farm/jobs/needs.js';

const main = path.resolve(import.meta.dirname, '../../dist/esm/cli/main.js');

/** A worker in a process of its own, which can be killed. */
export class WorkerProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  log = '';

  constructor(place: { readonly queue: string; readonly store: string }, ...flags: string[]) {
    const args = [main, 'farm', 'work', '--queue', place.queue, '--store', place.store, '--device', 'cpu', ...flags];
    this.#process = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.log += chunk.toString('utf8');
    });
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** The processes that it keeps alive. */
  children(): number[] {
    const { stdout } = spawnSync('pgrep', ['-P', String(this.pid)], { encoding: 'utf8' });
    return stdout.split('\n').filter(Boolean).map(Number);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.ended) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** Resolves when so many workers take jobs. */
export async function workersThere(farm: Farm, count: number): Promise<readonly WorkerFacts[]> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const workers = await farm.workers();
    if (workers.length >= count) return workers;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`there are no ${count} workers`);
}
