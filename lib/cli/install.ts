import type { Command } from 'commander';
import { type InstallProgress, installRuntime } from '../runtime/install.js';
import { printJson } from './json.js';
import { showProgress } from './progress.js';
import { interruptSignal } from './report.js';

interface Flags {
  readonly gpu?: boolean;
  readonly from?: string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

const PHASES = {
  wait: 'waiting for another installer',
  download: 'downloading',
  verify: 'checking',
  unpack: 'unpacking',
} as const;

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

async function run({ gpu, from, force, json }: Flags): Promise<void> {
  const progress = showProgress();
  let last = '';
  const onProgress = ({ phase, done, total }: InstallProgress): void => {
    const amount = phase === 'wait' ? '' : ` ${mebibytes(done)}${total > 0 ? ` of ${mebibytes(total)}` : ''}`;
    progress.update(total > 0 ? Math.min(1, done / total) : 0, `${PHASES[phase]} TensorFlow${amount}`);
    // Without a terminal: a line for each phase, so that a build log shows that something is going on.
    if (!process.stderr.isTTY && phase !== last) process.stderr.write(`livedream: ${PHASES[phase]} TensorFlow\n`);
    last = phase;
  };
  try {
    const runtime = await installRuntime({
      variant: gpu ? 'gpu' : 'cpu',
      signal: interruptSignal(),
      onProgress,
      ...(from ? { from } : {}),
      ...(force ? { force } : {}),
    });
    if (json) printJson(runtime);
    else process.stdout.write(`${runtime.library}\n`);
  } finally {
    progress.stop();
  }
}

export function registerInstall(program: Command): void {
  program
    .command('install')
    .description("install TensorFlow's library into the user's cache (by Python's pip, pinned and checked by SHA-256)")
    .option('--gpu', "the CUDA build with CUDA's libraries (about 5 GB)")
    .option('--from <wheel...>', 'install from local wheels, or folders of them, without a network')
    .option('--force', 'install again what is there')
    .option('--json', 'print what was installed as JSON')
    .action(run);
}
