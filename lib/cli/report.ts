import { LiveDreamError } from '../errors.js';

const INTERRUPTED = 130;
const FAILED = 1;
const USAGE = 2;

function causes(error: unknown): string {
  const lines: string[] = [];
  for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause) {
    lines.push(`  cause: ${cause.stack ?? cause.message}`);
  }
  return lines.join('\n');
}

/** Says what went wrong, and with which picture of several, in one line on stderr, and gives the exit status for it. */
export function reportError(error: unknown, verbose: boolean, picture?: string): number {
  const code = (error as { code?: unknown }).code;
  const aborted = error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_ABORTED';
  const message = error instanceof Error ? error.message : String(error);
  const text = picture === undefined || message.includes(picture) ? message : `${picture}: ${message}`;
  process.stderr.write(aborted ? 'livedream: cancelled\n' : `livedream: ${text}${code ? ` [${code}]` : ''}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n${causes(error)}\n`);
  if (aborted) return INTERRUPTED;
  return code === 'ERR_LIVEDREAM_OPTION_TYPE' || code === 'ERR_LIVEDREAM_OPTION_RANGE' ? USAGE : FAILED;
}

/** What a user should know of a model, a line each on stderr. */
export function printWarnings({ warnings }: { readonly warnings: readonly string[] }): void {
  for (const warning of warnings) process.stderr.write(`livedream: ${warning}\n`);
}

/** A line on stderr, of what takes long. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A signal that the first Ctrl-C (or SIGTERM) aborts; a second one ends the process at once, as usual. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const interrupt = (): void => {
      controller.abort(new Error(`interrupted by ${name}`));
      // After the others that listen: what restores the cursor ends the process where it finds itself alone.
      setImmediate(() => process.off(name, interrupt));
    };
    process.on(name, interrupt);
  }
  return controller.signal;
}
