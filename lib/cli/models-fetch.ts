import type { Command } from 'commander';
import { bytesSoFar, type FetchedModel, type FetchOptions, fetchModel } from '../catalogue/fetch/fetch.js';
import { LiveDreamError } from '../errors.js';
import { toJson } from './json.js';
import { interruptSignal } from './report.js';
import { showTransfer, type Transfer } from './transfer.js';

interface Flags {
  readonly from?: string;
  readonly mirror?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Says what an interrupted fetch has kept. */
async function sayKept(name: string, error: unknown): Promise<void> {
  const kept = error instanceof LiveDreamError && /_(ABORTED|FETCH_UNREACHABLE)$/.test(error.code);
  const bytes = kept ? await bytesSoFar(name).catch(() => 0) : 0;
  if (bytes === 0) return;
  process.stderr.write(
    `livedream: ${(bytes / 1e6).toFixed(1)} MB of '${name}' are kept; \`livedream models fetch ${name}\` goes on from there\n`,
  );
}

/** Fetches a model, and shows it. */
export async function fetchShown(
  name: string,
  options: Omit<FetchOptions, 'onProgress'>,
  done?: (model: FetchedModel, transfer: Transfer) => void,
): Promise<void> {
  const transfer = showTransfer(name);
  try {
    const model = await fetchModel(name, { ...options, onProgress: transfer.onProgress });
    done?.(model, transfer);
  } catch (error) {
    transfer.stop();
    await sayKept(name, error);
    throw error;
  } finally {
    transfer.stop();
  }
}

async function run(name: string, { json, ...flags }: Flags): Promise<void> {
  await fetchShown(name, { ...flags, signal: interruptSignal() }, (model, transfer) =>
    transfer.result(json ? toJson(model) : model.graph),
  );
}

export function registerModelsFetch(models: Command): void {
  models
    .command('fetch')
    .description(
      "download a model of the catalogue into the user's cache, checked by SHA-256; goes on where it was interrupted",
    )
    .argument('<name>', 'a model of the catalogue, such as inception5h')
    .option('--from <file>', 'take it from a local file, the archive or the graph in it, without a network')
    .option(
      '--mirror <url>',
      'the address to download from instead, of the archive or its folder (or LIVEDREAM_MODEL_MIRROR)',
    )
    .option('--force', 'fetch again what is there')
    .option('--json', 'print what was fetched as JSON')
    .action(run);
}
