import { createLogUpdate } from 'log-update';
import type { BenchReport, BenchUpdate } from '../bench/report.js';
import { resultsTable } from './bench-table.js';

/** Text that changes, on a terminal's stderr; nothing where stderr is none. */
export interface Live<T> {
  show(update: T): void;
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

/** The table as it grows. */
export function showLive(): Live<BenchUpdate> {
  return showText((update, columns) => `${body(update.report, columns)}${doing(update)}`);
}

/** Whatever changes. */
export function showText<T>(textOf: (update: T, columns: number) => string): Live<T> {
  const { stderr } = process;
  const { columns, rows } = stderr;
  // Some that are none say that they have no columns.
  if (!stderr.isTTY || !columns || !rows) return { show: () => undefined, stop: () => undefined };
  const log = createLogUpdate(stderr);
  return {
    show: (update) => {
      log(fitted(textOf(update, stderr.columns), stderr));
    },
    stop: () => {
      log.clear();
      log.done();
    },
  };
}
