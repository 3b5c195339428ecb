import { createInterface } from 'node:readline/promises';
import { addressOf } from '../catalogue/fetch/address.js';
import { shownUrl } from '../catalogue/fetch/failures.js';
import { LiveDreamError } from '../errors.js';
import { describeFetch, isFetched, notFetched } from '../model/fetched.js';
import { fetchableModel, type ModelInput } from '../model/source.js';
import { fetchShown } from './models-fetch.js';

/** Asks on the terminal; anything but a yes, the end of input too, is a no. */
async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode Ctrl-C is a key, of which nobody else hears.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(question, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

async function agreed(text: string, signal: AbortSignal): Promise<boolean> {
  try {
    process.stderr.write(`livedream: the model has to be downloaded first, ${text}\n`);
    return await confirm('Download it? [y/N] ', signal);
  } catch (error) {
    process.stderr.write('\n');
    if (!signal.aborted) throw error;
    throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: signal.reason });
  }
}

/**
 * Fetches the model that a command is to dream with, where it is one that has to be: with `yes` at once, on a terminal after
 * asking, else it throws ERR_LIVEDREAM_MODEL_NOT_FETCHED.
 */
export async function fetchFirst(
  model: ModelInput | undefined,
  yes: boolean | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (typeof model !== 'string' || isFetched(model)) return;
  const description = await fetchableModel(model);
  if (!description) return;
  const text = describeFetch(model, description, shownUrl(addressOf(description.fetch)));
  if (yes) process.stderr.write(`livedream: downloading ${text}\n`);
  else {
    const terminal = process.stdin.isTTY && process.stderr.isTTY;
    if (!terminal || !(await agreed(text, signal))) throw notFetched(model, description);
  }
  await fetchShown(model, { signal });
}
