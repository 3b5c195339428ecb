import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { LiveDreamError } from '../errors.js';
import { onAbort } from '../on-abort.js';

/** Of what it says the end counts, where it tells why it gives up. */
const MOST_SAID = 4000;

/** How a process ended. */
export interface Ending {
  /** 0 where all is well. */
  readonly code: number | null;
  readonly killed: NodeJS.Signals | null;
  /** What it wrote to standard error, the end of it. */
  readonly said: string;
}

/** The lines that say what went wrong, in one; ffmpeg puts addresses of its parts before them. */
export function inOneLine(said: string, most = 300): string {
  const lines = said
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\[[^\]]*@ 0x[0-9a-f]+\]\s*/g, '').trim())
    .filter(Boolean);
  return [...new Set(lines)].join('; ').slice(-most);
}

/** Such as `ended with 1`. */
export function endingInWords({ code, killed }: Pick<Ending, 'code' | 'killed'>): string {
  return killed === null ? `ended with ${code}` : `was killed (${killed})`;
}

/** ERR_LIVEDREAM_FFMPEG_FAILED, or ERR_LIVEDREAM_OUTPUT_UNWRITABLE where its disk is full. */
export function ffmpegFailure(what: string, ending: Ending): LiveDreamError {
  const said = inOneLine(ending.said);
  if (/no space left on device/i.test(said))
    return new LiveDreamError('ERR_LIVEDREAM_OUTPUT_UNWRITABLE', `${what}: the disk is full.`, {
      cause: new Error(said),
      repair: 'Make room there; frames that were finished are kept, and `--resume` goes on with them.',
    });
  return new LiveDreamError(
    'ERR_LIVEDREAM_FFMPEG_FAILED',
    `${what}: ffmpeg ${endingInWords(ending)}${said === '' ? '' : `: ${said}`}.`,
    { cause: new Error(ending.said) },
  );
}

/** ffmpeg or ffprobe at work. An abort kills it; what it says on standard error is kept and never shown by itself. */
export class FfmpegProcess {
  readonly #child: ChildProcess;
  readonly #unlisten: (() => void) | undefined;
  /** Resolves, whatever becomes of it, when its pipes are closed too. */
  readonly ended: Promise<Ending>;

  constructor(program: string, args: readonly string[], signal?: AbortSignal) {
    // In a group of its own: a terminal's Ctrl-C is for us, and we end it.
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    let said = '';
    child.stderr?.on('data', (text) => {
      said = `${said}${text}`.slice(-MOST_SAID);
    });
    // It is told by `ended` that it has gone.
    for (const pipe of child.stdio) pipe?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, killed: null, said: error.message }));
      child.once('close', (code, killed) => resolve({ code, killed, said }));
    });
    this.#unlisten = signal && onAbort(signal, () => this.kill());
    if (signal?.aborted) this.kill();
    void this.ended.then(() => this.#unlisten?.());
  }

  get stdin(): Writable {
    return this.#child.stdin as Writable;
  }

  get stdout(): Readable {
    return this.#child.stdout as Readable;
  }

  /** File descriptor 3: what it is told to write there. */
  get beside(): Readable {
    return this.#child.stdio[3] as Readable;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
    // Or what nobody reads any more would keep it from being closed.
    this.stdout.destroy();
    this.beside.destroy();
  }
}

/** Everything that it writes to standard output. */
export async function outputOf(
  program: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Ending & { readonly stdout: string }> {
  const running = new FfmpegProcess(program, args, signal);
  running.stdin.end();
  running.beside.resume();
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ending = await running.ended;
  signal?.throwIfAborted();
  return { ...ending, stdout: Buffer.concat(chunks).toString() };
}
