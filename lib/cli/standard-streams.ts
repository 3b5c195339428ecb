import type { Readable } from 'node:stream';
import { hearing } from '../cancel.js';
import { LiveDreamError, optionRangeError } from '../errors.js';
import { unwritable } from '../image/encode.js';
import { reportError } from './report.js';

/** Standard input as a picture, standard output as a file. */
export const STANDARD = '-';

/** Encoded; what would be larger is hardly one picture, and would fill the memory. */
const MOST_BYTES = 2 ** 29;

/** What a shell says of a program that a closed pipe ended: 128 and SIGPIPE. */
const CLOSED_PIPE = 141;

function unreadable(why: string, cause?: unknown): LiveDreamError {
  const message = `The picture from standard input cannot be read: ${why}.`;
  return new LiveDreamError('ERR_LIVEDREAM_IMAGE_UNREADABLE', message, { cause });
}

/** All bytes of a stream. Rejects with ERR_LIVEDREAM_IMAGE_UNREADABLE where there are none or too many. */
export async function readPicture(stream: Readable, most: number = MOST_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > most) throw unreadable(`it has more than ${most} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof LiveDreamError ? error : unreadable(error instanceof Error ? error.message : '', error);
  }
  if (bytes === 0) throw unreadable('it is empty');
  return Buffer.concat(chunks);
}

/** Throws a RangeError where nothing can come from standard input. */
export function checkStandardInput(): void {
  if (process.stdin.isTTY)
    throw optionRangeError(
      'picture',
      'a file, as standard input is a terminal and no picture is piped into it',
      STANDARD,
    );
}

export async function readStandardInput(signal: AbortSignal): Promise<Buffer> {
  try {
    return await hearing(signal, readPicture(process.stdin));
  } finally {
    // One that goes on to be read would keep the process alive.
    process.stdin.destroy();
  }
}

export function writeStandardOutput(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // What goes wrong is an 'error' of the stream.
    process.stdout.write(bytes, () => resolve());
  });
}

/**
 * Whoever reads what we write may stop, as `head` does: that ends us without a word. Anything else that is wrong with standard
 * output is said.
 */
export function watchStandardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(CLOSED_PIPE);
    process.exit(reportError(unwritable('Standard output', error.message, error), false));
  });
  process.stderr.on('error', () => process.exit(CLOSED_PIPE));
}
