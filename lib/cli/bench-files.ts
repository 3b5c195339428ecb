import path from 'node:path';
import type { BenchReport } from '../bench/report.js';
import { outputPath } from '../dream.js';
import { optionRangeError } from '../errors.js';
import { checkWritableFile, writeWhole } from '../image/write.js';
import { modelPath } from '../model/source.js';
import { drawChart, loadVega } from './bench-chart.js';
import { benchCsv } from './bench-csv.js';
import type { BenchFlags } from './bench-flags.js';
import { refuseSameFiles } from './same-file.js';

/** A file that was asked for, and what goes into it. */
interface Output {
  readonly file: string;
  /** Undefined where there is nothing yet. */
  readonly content: (report: BenchReport) => Promise<Uint8Array | undefined>;
}

function chartFormat(file: string): 'svg' | 'png' {
  const extension = path.extname(file).toLowerCase();
  if (extension === '.svg' || extension === '.png') return extension.slice(1) as 'svg' | 'png';
  throw optionRangeError('plot', 'a file whose name ends with .svg or .png', file);
}

function outputFile(name: string, given: string): string {
  if (given === '') throw optionRangeError(name, 'the name of a file', given);
  return outputPath(given);
}

function jsonBytes(report: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(report, undefined, 1)}\n`);
}

function outputsOf({ json, csv, plot }: BenchFlags): Output[] {
  const outputs: Output[] = [];
  const add = (name: string, given: string | undefined, content: Output['content']): void => {
    if (given === undefined) return;
    outputs.push({ file: outputFile(name, given), content });
  };
  add('json', json, async (report) => jsonBytes(report));
  add('csv', csv, async (report) => Buffer.from(benchCsv(report)));
  const isMeasured = ({ results }: BenchReport): boolean => results.some(({ steady }) => steady !== undefined);
  add('plot', plot, async (report) =>
    isMeasured(report) ? drawChart(report, chartFormat(plot as string)) : undefined,
  );
  return outputs;
}

/** Writes what was measured into the files that were asked for. */
export type WriteBench = (report: BenchReport) => Promise<void>;

/**
 * Finds out before the measuring whether all files can be written: rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE,
 * ERR_LIVEDREAM_CHART_MISSING, or a RangeError where something would be lost.
 */
export async function prepareFiles(flags: BenchFlags): Promise<WriteBench> {
  const outputs = outputsOf(flags);
  if (flags.plot !== undefined) {
    chartFormat(flags.plot);
    await loadVega();
  }
  const files = outputs.map(({ file }) => file);
  await checkFiles(flags, files);
  return async (report) => {
    for (const { file, content } of outputs) {
      const bytes = await content(report);
      if (bytes !== undefined) await writeWhole(file, bytes);
    }
  };
}

/** Rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE, or a RangeError where one of them is what is read, or another of them. */
async function checkFiles({ model, picture }: BenchFlags, files: readonly string[]): Promise<void> {
  const inputs = [...(model === undefined ? [] : [modelPath(model)]), ...(picture === undefined ? [] : [picture])];
  for (const file of files) await checkWritableFile(file);
  await refuseSameFiles(inputs, files);
}

/** Only `--json`, of another report. */
export async function prepareJson(flags: BenchFlags): Promise<(report: object) => Promise<void>> {
  const { json } = flags;
  if (json === undefined) return async () => undefined;
  const file = outputFile('json', json);
  await checkFiles(flags, [file]);
  return (report) => writeWhole(file, jsonBytes(report));
}
