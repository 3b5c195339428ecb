import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import packageRoot from '#package-root';
import { LiveDreamError } from '../../errors.js';

/** The peers' programs: part of a clone, not of the package. */
export const PEER_PROGRAMS = path.join(packageRoot, 'tools/peers');

function missing(why: string, cause?: unknown): LiveDreamError {
  const sentence = why.replace(/[.\s]*$/, '.');
  return new LiveDreamError('ERR_LIVEDREAM_PEERS_MISSING', `Other programs cannot be measured here: ${sentence}`, {
    cause,
  });
}

/** Throws ERR_LIVEDREAM_PEERS_MISSING where this is an installed package. */
export function checkPeerPrograms(): void {
  if (existsSync(path.join(PEER_PROGRAMS, 'serve.py'))) return;
  throw missing('they come with a clone of livedream, and this is an installed package.');
}

/**
 * The peers' Python, which is made where it is not there yet: minutes, 7 GB. Rejects with ERR_LIVEDREAM_PEERS_MISSING or, at an
 * abort, ERR_LIVEDREAM_ABORTED.
 * @param tell gets a line when it is being made, and when that is done
 */
export async function peersPython(
  signal: AbortSignal | undefined,
  tell: (line: string) => void = () => undefined,
): Promise<string> {
  checkPeerPrograms();
  const setup = path.join(PEER_PROGRAMS, 'setup.mjs');
  try {
    const running = promisify(execFile)(process.execPath, [setup], signal === undefined ? {} : { signal });
    running.child.stderr?.on('data', (text) => {
      // What went wrong is thrown.
      for (const line of String(text).split('\n')) if (line.includes(' ...')) tell(line);
    });
    return (await running).stdout.trim();
  } catch (error) {
    if (signal?.aborted)
      throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: signal.reason });
    const { stderr } = error as { readonly stderr?: string };
    const [why = ''] = (stderr || String(error)).trim().split('\n').slice(-1);
    throw missing(why.replace(/^livedream: [^:]*: /, ''), error);
  }
}
