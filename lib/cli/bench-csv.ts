import { stringify } from 'csv-stringify/sync';
import type { BenchReport, BenchResult } from '../bench/report.js';

/** Of each column its head and its value; times are in milliseconds, sizes in bytes. */
const COLUMNS: readonly (readonly [string, (result: BenchResult) => unknown])[] = [
  ['name', ({ name }) => name],
  ['program', ({ peer }) => peer ?? 'livedream'],
  ['program_version', ({ checked }) => checked?.version],
  ['gradient_difference', ({ checked }) => checked?.gradientDifference],
  ['width', ({ size }) => size.width],
  ['height', ({ size }) => size.height],
  ['octaves', ({ octaves }) => octaves],
  ['iterations', ({ iterations }) => iterations],
  ['device', ({ on }) => on],
  ['xla', ({ xla }) => String(xla)],
  ['loop', ({ loop }) => loop],
  ['precision', ({ precision }) => precision],
  ['load_ms', ({ cold }) => cold.load],
  ['first_call_ms', ({ cold }) => cold.firstCall],
  ['compile_ms', ({ cold }) => cold.compile],
  ['median_ms', ({ steady }) => steady?.median],
  ['low_ms', ({ steady }) => steady?.interval[0]],
  ['high_ms', ({ steady }) => steady?.interval[1]],
  ['p95_ms', ({ steady }) => steady?.p95],
  ['spread', ({ steady }) => steady?.spread],
  ['noise', ({ steady }) => steady?.noise],
  ['noisy', ({ steady }) => steady && String(steady.noisy)],
  ['rounds', ({ steady }) => steady?.rounds.length],
  ['dreams', ({ steady }) => steady?.rounds.flat().length],
  ['frames_per_second', ({ steady }) => steady?.framesPerSecond],
  ['pixels_per_second', ({ steady }) => steady?.pixelsPerSecond],
  ['operations', ({ operations }) => operations],
  ['gigaflops_per_second', ({ steady }) => steady?.gigaflopsPerSecond],
  ['share_of_peak', ({ steady }) => steady?.shareOfPeak],
  ['peak_memory_bytes', ({ cold }) => cold.peakMemoryBytes],
  ['gpu_memory_bytes', ({ cold }) => cold.gpuMemoryBytes],
];

/** A row a variant, as spreadsheets and data frames read it. */
export function benchCsv({ results }: BenchReport): string {
  const rows = results.map((result) => COLUMNS.map(([, value]) => value(result)));
  return stringify([COLUMNS.map(([head]) => head), ...rows]);
}
