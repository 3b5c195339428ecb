import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { LiveDreamError } from '../../errors.js';
import { onAbort } from '../../on-abort.js';

/** What a peer says to each thing that it is told: tools/peers/serve.py. */
export interface PeerAnswer {
  readonly loading?: number;
  readonly version?: string;
  readonly milliseconds?: readonly number[];
  /** Seconds of processor time so far. */
  readonly cpu: number;
  /** The most bytes that it had. */
  readonly memory: number;
}

const MOST_SAID = 300;

/** One line of what a program said last. */
function lastOf(said: string): string {
  return said.trim().replace(/\s+/g, ' ').slice(-MOST_SAID);
}

export interface PeerCommand {
  readonly python: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/** A peer's process, which does one thing after another. An abort ends it. */
export class PeerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  readonly #signal: AbortSignal | undefined;
  readonly #unlisten: (() => void) | undefined;
  readonly #closed: Promise<string>;
  #said = '';
  #cpu = 0;

  constructor({ python, args, env, signal }: PeerCommand) {
    // In a group of its own: a terminal's Ctrl-C is for us, and we end it.
    const child = spawn(python, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    this.#signal = signal;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (text) => {
      this.#said = `${this.#said}${text}`.slice(-4 * MOST_SAID);
    });
    // It is told by `closed` that it has ended.
    child.stdin.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, killed) => resolve(killed === null ? `ended with ${code}` : `was ended by ${killed}`));
    });
    // It may be within a compilation, which nothing else interrupts.
    this.#unlisten = signal && onAbort(signal, () => this.stop());
    if (signal?.aborted) this.stop();
  }

  /** Seconds of processor time, as it last told. */
  get cpu(): number {
    return this.#cpu;
  }

  /** Tells it something, or without that waits for its first answer. Rejects where it fails, and with ERR_LIVEDREAM_ABORTED. */
  async ask(task?: object): Promise<PeerAnswer> {
    if (task !== undefined) this.#child.stdin.write(`${JSON.stringify(task)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) {
      const how = await this.#closed;
      if (this.#signal?.aborted)
        throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: this.#signal.reason });
      const last = lastOf(this.#said);
      throw new Error(`Its process ${how}${last === '' ? '.' : `: ${last}`}`);
    }
    const answer = JSON.parse(value) as PeerAnswer & { readonly error?: string };
    if (answer.error !== undefined) throw new Error(lastOf(answer.error));
    this.#cpu = answer.cpu;
    return answer;
  }

  stop(): void {
    this.#unlisten?.();
    this.#child.kill('SIGKILL');
  }
}
