import type { Size } from '../../size.js';
import type { BenchEnvironment } from '../environment.js';
import type { BenchChecked, BenchModel, BenchSkipped } from '../report.js';
import type { Measured } from '../statistics.js';
import type { WholeProgram } from './commands.js';

export const WHOLE_FORMAT = { format: 'livedream-bench-whole', version: 1 } as const;

export interface WholeResult {
  readonly program: WholeProgram;
  /** Of another program than livedream. */
  readonly checked?: BenchChecked;
  /** With nothing of it in the system's memory, and nothing compiled before: milliseconds of each run, in their order. */
  readonly cold: readonly number[];
  /** Again, in turns with the others; left out until one round was measured. Milliseconds. */
  readonly warm?: Measured;
  /** The most memory that any run had. */
  readonly peakMemoryBytes: number;
}

/** Whole dreams, from the command to the file. */
export interface WholeReport {
  readonly format: typeof WHOLE_FORMAT.format;
  readonly version: typeof WHOLE_FORMAT.version;
  readonly date: string;
  readonly complete: boolean;
  readonly environment: BenchEnvironment;
  readonly model: BenchModel;
  readonly dream: {
    readonly size: Size;
    readonly octaves: number;
    readonly octaveScale: number;
    readonly iterations: number;
    readonly tileSize: number;
  };
  /** Whether files could be put out of the system's memory before cold runs. */
  readonly forgets: boolean;
  /** The part of the processors that other programs took during the warm runs. */
  readonly others?: number;
  readonly results: readonly WholeResult[];
  readonly skipped: readonly BenchSkipped[];
}

/** How far it is. */
export interface WholeUpdate {
  readonly phase: 'preparing' | 'cold' | 'warm';
  /** What was just done. */
  readonly program?: WholeProgram;
  readonly report: WholeReport;
}
