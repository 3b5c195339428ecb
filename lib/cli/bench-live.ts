import { createLogUpdate } from 'log-update';
import type { BenchReport, BenchUpdate } from '../bench/report.js';
import { resultsTable } from './bench-table.js';

/** The table as it grows, on a terminal's stderr; nothing where stderr is none. */
export interface Live {
  show(update: BenchUpdate): void;
  /** Before anything else is written: it leaves nothing behind. */
  stop(): void;
}

function doing({ phase, name, round, report }: BenchUpdate): string {
  const { rounds, mostRounds } = report.options;
  const done = name === undefined ? '' : `; done: ${name}`;
  switch (phase) {
    case 'preparing':
      return 'looking at the network';
    case 'first dreams':
      return `first dreams, each in a process of its own${done}`;
    case 'loading':
      return `compiling for the rounds${done}`;
    case 'rounds':
      return round === undefined ? 'done' : `round ${round + 1} of ${rounds}, at most ${mostRounds}${done}`;
  }
}

function fitted(text: string, columns: number, rows: number): string {
  const lines = text.split('\n').map((line) => (line.length < columns ? line : `${line.slice(0, columns - 2)}…`));
  return (lines.length < rows ? lines : [...lines.slice(0, rows - 2), '…']).join('\n');
}

function body({ results, skipped }: BenchReport, columns: number): string {
  const left = skipped.length === 0 ? '' : `${skipped.length} skipped\n`;
  return `${results.length === 0 ? '' : resultsTable(results, columns)}${left}`;
}

export function showLive(): Live {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const log = createLogUpdate(stderr);
  return {
    show: (update) => {
      const { columns = 80, rows = 24 } = stderr;
      log(fitted(`${body(update.report, columns)}${doing(update)}`, columns, rows));
    },
    stop: () => {
      log.clear();
      log.done();
    },
  };
}
