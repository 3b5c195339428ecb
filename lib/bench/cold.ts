import { fork } from 'node:child_process';
import path from 'node:path';
import packageRoot from '#package-root';
import { LiveDreamError } from '../errors.js';
import { isUrl } from '../file-url.js';
import type { ModelInput } from '../model/source.js';
import { onAbort } from '../on-abort.js';
import type { ColdAnswer, ColdRequest, ColdResult } from './cold-request.js';

const PROGRAM = path.join(packageRoot, 'dist/esm/bench/cold-process.js');
const MOST_SAID = 300;

/** A URL as text: it does not go from process to process as an object. */
export function sendable(model: ModelInput | undefined): ModelInput | undefined {
  if (isUrl(model)) return model.href;
  if (typeof model !== 'object') return model;
  return { ...model, graph: isUrl(model.graph) ? model.graph.href : model.graph };
}

/** What a process that ended by itself had to say. */
function fallen(code: number | null, signal: string | null, said: string): { readonly message: string } {
  const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
  const memory = signal === 'SIGKILL' ? ', as the system does where memory runs out' : '';
  const last = said.trim().slice(-MOST_SAID);
  return { message: `Its process ${how}${memory}${last === '' ? '.' : `: ${last}`}` };
}

/** Why a variant could not be measured. */
export interface ColdFault {
  readonly message: string;
  readonly code?: string;
}

/**
 * The first dreams of a process that was started for it. What fails there is told; it rejects only with ERR_LIVEDREAM_ABORTED.
 */
export function measureCold(
  request: ColdRequest,
  signal: AbortSignal | undefined,
): Promise<{ readonly result: ColdResult } | { readonly error: ColdFault }> {
  return new Promise((resolve, reject) => {
    const child = fork(PROGRAM, {
      serialization: 'advanced',
      // Not a debugger's or a test runner's.
      execArgv: [],
      // What is compiled is to be compiled, not found where an earlier run left it.
      env: { ...process.env, LIVEDREAM_COMPILE_CACHE: 'off' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (text) => {
      said = `${said}${text}`.slice(-4 * MOST_SAID);
    });
    const end = (settle: () => void): void => {
      unlisten?.();
      child.removeAllListeners().on('error', () => undefined);
      // It may be within a compilation, which nothing else interrupts.
      child.kill('SIGKILL');
      settle();
    };
    const aborted = (): void => {
      const { reason } = signal as AbortSignal;
      end(() => reject(new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: reason })));
    };
    const unlisten = signal && onAbort(signal, aborted);
    child.once('message', (answer: ColdAnswer) => end(() => resolve(answer)));
    child.once('error', (error) => end(() => resolve({ error: error as ColdFault })));
    child.once('close', (code, killed) => end(() => resolve({ error: fallen(code, killed, said) })));
    if (signal?.aborted) aborted();
    else child.send(request, () => undefined);
  });
}
