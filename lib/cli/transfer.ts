import type { TransferProgress } from '../files/transfer.js';
import { showProgress } from './progress.js';

const PHASES = {
  wait: 'waiting for another process that does the same',
  verify: 'checking',
  download: 'downloading',
  unpack: 'unpacking',
} as const satisfies Record<TransferProgress['phase'], string>;

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** Without a terminal: a line for each quarter of each phase, so that a build log shows that something is going on. */
function lineWriter(what: string): (progress: TransferProgress) => void {
  let last = '';
  return ({ phase, done, total }) => {
    const quarter = total === 0 ? 0 : Math.floor((4 * done) / total);
    if (`${phase} ${quarter}` === last) return;
    last = `${phase} ${quarter}`;
    const amount = total === 0 ? '' : `: ${mebibytes(done)} of ${mebibytes(total)}`;
    process.stderr.write(`livedream: ${PHASES[phase]}${phase === 'wait' ? '' : ` ${what}`}${amount}\n`);
  };
}

/** Shows on stderr how far something is that comes and is unpacked: a bar on a terminal, else lines. */
export interface Transfer {
  readonly onProgress: (progress: TransferProgress) => void;
  /** A line for stdout. */
  result(line: string): void;
  stop(): void;
}

export function showTransfer(what: string): Transfer {
  const bar = showProgress();
  const showBar = ({ phase, done, total }: TransferProgress): void => {
    const amount = total === 0 ? '' : ` ${mebibytes(done)} of ${mebibytes(total)}`;
    bar.update(total === 0 ? 0 : Math.min(1, done / total), `${PHASES[phase]}${amount}`);
  };
  return {
    onProgress: process.stderr.isTTY ? showBar : lineWriter(what),
    result: (line) => bar.result(line),
    stop: () => bar.stop(),
  };
}
