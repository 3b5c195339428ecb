import { LiveDreamError } from '../../errors.js';
import type { BenchEnvironment } from '../environment.js';
import type { BenchChecked, BenchModel, BenchSkipped } from '../report.js';
import { summarize } from '../statistics.js';
import type { WholeProgram } from './commands.js';
import { WHOLE_FORMAT, type WholeReport, type WholeResult } from './report.js';
import { FORGETS } from './run.js';

/** A program that dreams. */
export interface WholeRunnable {
  readonly program: WholeProgram;
  readonly checked?: BenchChecked;
  /** Milliseconds of each run, a run a round. */
  cold: readonly (readonly number[])[];
  warm: readonly (readonly number[])[];
  peakMemoryBytes: number;
}

function resultOf({ program, checked, cold, warm, peakMemoryBytes }: WholeRunnable): WholeResult {
  return {
    program,
    ...(checked === undefined ? {} : { checked }),
    cold: cold.flat(),
    ...(warm.length === 0 ? {} : { warm: summarize(warm) }),
    peakMemoryBytes,
  };
}

/** What is known of whole dreams so far. */
export class WholeFindings {
  readonly programs: WholeRunnable[] = [];
  /** The part of the processors that other programs took. */
  others: number | undefined;
  readonly #skipped: BenchSkipped[] = [];
  readonly #date = new Date().toISOString();
  readonly #environment: BenchEnvironment;
  readonly #model: BenchModel;
  readonly #dream: WholeReport['dream'];

  constructor(environment: BenchEnvironment, model: BenchModel, dream: WholeReport['dream']) {
    this.#environment = environment;
    this.#model = model;
    this.#dream = dream;
  }

  add(program: WholeProgram, checked: BenchChecked | undefined): void {
    const known = checked === undefined ? {} : { checked };
    this.programs.push({ program, ...known, cold: [], warm: [], peakMemoryBytes: 0 });
  }

  /** Throws what is to end everything. */
  skip(name: string, error: unknown): void {
    if (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_ABORTED') throw error;
    this.#skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
  }

  /** It takes no more turns, and is none of the results. */
  fail(failed: WholeRunnable, error: unknown): void {
    this.skip(failed.program, error);
    this.programs.splice(this.programs.indexOf(failed), 1);
  }

  report(complete: boolean): WholeReport {
    return {
      ...WHOLE_FORMAT,
      date: this.#date,
      complete,
      environment: this.#environment,
      model: this.#model,
      dream: this.#dream,
      forgets: FORGETS,
      ...(this.others === undefined ? {} : { others: this.others }),
      results: this.programs.map(resultOf),
      skipped: [...this.#skipped],
    };
  }
}
