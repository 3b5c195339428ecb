import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

interface Told {
  readonly name: string;
  readonly state: 'begins' | 'ended';
  readonly error?: string;
  /** What keeps the process alive then, as Node calls it. */
  readonly open?: readonly string[];
}

export interface RunOptions {
  readonly names: readonly string[];
  readonly farm: boolean;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How long the process may stay when its last example has ended. */
const GRACE = 30_000;

/** Examples under way in a process of their own: `program` is a copy of examples-child.mjs beside what was compiled of them. */
export class ExamplesRun {
  readonly #process: ChildProcess;
  readonly #ended = new Map<string, Promise<Told>>();
  readonly #exit: Promise<unknown>;
  readonly #open: string[] = [];
  #current = 'the start';
  #stderr = '';

  constructor(program: string, { names, farm, cwd, env }: RunOptions) {
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
    this.#process = fork(program, [JSON.stringify({ names, farm })], { cwd, env, stdio: [...stdio], execArgv: [] });
    this.#exit = once(this.#process, 'close');
    const tell = new Map<string, (told: Told) => void>();
    for (const name of names) this.#ended.set(name, new Promise((resolve) => tell.set(name, resolve)));
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += `${this.#current}: ${chunk.toString('utf8')}`;
    });
    this.#process.on('message', (told: Told) => {
      if (told.state === 'begins') this.#current = told.name;
      else {
        this.#open.push(`${told.name}: ${told.open?.join(' ')}`);
        tell.get(told.name)?.(told);
      }
    });
  }

  /** What an example threw; undefined where it went well. */
  async errorOf(name: string): Promise<string | undefined> {
    const ended = this.#exit.then(() => ({ error: `The process ended in '${this.#current}'. ${this.#stderr}` }));
    return (await Promise.race([this.#ended.get(name), ended]))?.error;
  }

  /** What it left undone: what it printed on stderr, its exit code, and where it does not end, what was open after each example. */
  async leftOver(): Promise<string> {
    await Promise.all([...this.#ended.values()].map((each) => Promise.race([each, this.#exit])));
    const ended = await Promise.race([this.#exit, sleep(GRACE, undefined, { ref: false })]);
    if (ended === undefined) {
      this.kill();
      return `${this.#stderr}The process does not end. Open after each example:\n${this.#open.join('\n')}`;
    }
    const { exitCode, signalCode } = this.#process;
    return `${this.#stderr}${exitCode === 0 ? '' : `It ended with ${signalCode ?? exitCode}.`}`;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
