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

function fitted(text: string, { columns, rows }: { readonly columns: number; readonly rows: number }): string {
  const lines = text.split('\n').map((line) => (line.length < columns ? line : `${line.slice(0, columns - 2)}…`));
  // What is being done, in the last line, is kept.
  return (lines.length < rows ? lines : [...lines.slice(0, rows - 3), '…', ...lines.slice(-1)]).join('\n');
}

function body({ results, skipped }: BenchReport, columns: number): string {
  const left = skipped.length === 0 ? '' : `${skipped.length} skipped\n`;
  return `${results.length === 0 ? '' : resultsTable(results, columns)}${left}`;
}

export function showLive(): Live {
  const { stderr } = process;
  const { columns, rows } = stderr;
  // Some that are none say that they have no columns.
  if (!stderr.isTTY || !columns || !rows) return { show: () => undefined, stop: () => undefined };
  const log = createLogUpdate(stderr);
  return {
    show: (update) => {
      log(fitted(`${body(update.report, stderr.columns)}${doing(update)}`, stderr));
    },
    stop: () => {
      log.clear();
      log.done();
    },
  };
}
