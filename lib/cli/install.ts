import type { Command } from 'commander';
import { installRuntime } from '../runtime/install/install.js';
import { toJson } from './json.js';
import { interruptSignal } from './report.js';
import { showTransfer } from './transfer.js';

interface Flags {
  readonly gpu?: boolean;
  readonly from?: string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

async function run({ gpu, from, force, json }: Flags): Promise<void> {
  const shown = showTransfer('TensorFlow');
  try {
    const runtime = await installRuntime({
      variant: gpu ? 'gpu' : 'cpu',
      signal: interruptSignal(),
      onProgress: shown.onProgress,
      ...(from ? { from } : {}),
      ...(force ? { force } : {}),
    });
    shown.result(json ? toJson(runtime) : runtime.library);
  } finally {
    shown.stop();
  }
}

export function registerInstall(program: Command): void {
  program
    .command('install')
    .description("install TensorFlow's library into the user's cache (by Python's pip, pinned and checked by SHA-256)")
    .option('--gpu', "the CUDA build with CUDA's libraries (3.4 GB to download, 5.7 GB on disk)")
    .option('--from <wheel...>', 'install from local wheels, or folders of them, without a network')
    .option('--force', 'install again what is there')
    .option('--json', 'print what was installed as JSON')
    .action(run);
}
