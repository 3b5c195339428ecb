import type { Command } from 'commander';
import { type InstallProgress, installRuntime } from '../runtime/install/install.js';
import { toJson } from './json.js';
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
  verify: 'checking',
  download: 'downloading',
  unpack: 'unpacking',
} as const;

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** Without a terminal: a line for each quarter of each phase, so that a build log shows that something is going on. */
function lineWriter(): (progress: InstallProgress) => void {
  let last = '';
  return ({ phase, done, total }) => {
    const quarter = total === 0 ? 0 : Math.floor((4 * done) / total);
    if (`${phase} ${quarter}` === last) return;
    last = `${phase} ${quarter}`;
    const amount = total === 0 ? '' : `: ${mebibytes(done)} of ${mebibytes(total)}`;
    process.stderr.write(`livedream: ${PHASES[phase]}${phase === 'wait' ? '' : ' TensorFlow'}${amount}\n`);
  };
}

async function run({ gpu, from, force, json }: Flags): Promise<void> {
  const bar = showProgress();
  const showBar = ({ phase, done, total }: InstallProgress): void => {
    const amount = total === 0 ? '' : ` ${mebibytes(done)} of ${mebibytes(total)}`;
    bar.update(total === 0 ? 0 : Math.min(1, done / total), `${PHASES[phase]}${amount}`);
  };
  try {
    const runtime = await installRuntime({
      variant: gpu ? 'gpu' : 'cpu',
      signal: interruptSignal(),
      onProgress: process.stderr.isTTY ? showBar : lineWriter(),
      ...(from ? { from } : {}),
      ...(force ? { force } : {}),
    });
    bar.result(json ? toJson(runtime) : runtime.library);
  } finally {
    bar.stop();
  }
}

export function registerInstall(program: Command): void {
  program
    .command('install')
    .description("install TensorFlow's library into the user's cache (by Python's pip, pinned and checked by SHA-256)")
    .option('--gpu', "the CUDA build with CUDA's libraries (3.4 GB to download, about 7 GB on disk)")
    .option('--from <wheel...>', 'install from local wheels, or folders of them, without a network')
    .option('--force', 'install again what is there')
    .option('--json', 'print what was installed as JSON')
    .action(run);
}
