import type { BenchReport, BenchResult, BenchSteady } from '../bench/report.js';
import { LEAST_ROUNDS, MOST_NOISE } from '../bench/statistics.js';
import { megabytes, table, terminalWidth } from './table.js';

/** Milliseconds, as people read them. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
  return `${(ms / 1000).toFixed(ms < 100_000 ? 2 : 0)} s`;
}

export function percent(part: number): string {
  const value = part * 100;
  return `${value.toFixed(value < 10 ? 1 : 0)} %`;
}

function rate(perSecond: number): string {
  return perSecond.toFixed(perSecond < 10 ? 2 : perSecond < 100 ? 1 : 0);
}

/** What variants may differ in. */
export const AXES: Readonly<Record<string, (result: BenchResult) => string>> = {
  program: ({ peer }) => peer ?? 'livedream',
  size: ({ size }) => `${size.width}x${size.height}`,
  octaves: ({ octaves }) => String(octaves),
  steps: ({ iterations }) => String(iterations),
  device: ({ device }) => device,
  kernels: ({ xla }) => (xla ? 'XLA' : 'ordinary'),
  loop: ({ loop }) => loop,
  precision: ({ precision }) => precision,
};

/** The axes in which these differ; `kernels` always, as that is what is asked most. */
export function varying(results: readonly BenchResult[]): string[] {
  return Object.entries(AXES)
    .filter(([name, of]) => name === 'kernels' || new Set(results.map(of)).size > 1)
    .map(([name]) => name);
}

/** Beside others, without the head of its column. */
export function saidAlone(axis: string, value: string): string {
  const plural = value === '1' ? '' : 's';
  if (axis === 'octaves') return `${value} octave${plural}`;
  if (axis === 'steps') return `${value} step${plural} in each`;
  return axis === 'loop' ? `${value} loop` : value;
}

/** What all variants have in common, for the line above the table. */
function common(results: readonly BenchResult[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const different = varying(results);
  return Object.entries(AXES)
    .filter(([name]) => name !== 'program' && !different.includes(name))
    .map(([name, of]) => saidAlone(name, of(first)))
    .join(', ');
}

interface Column {
  readonly head: string;
  readonly cell: (result: BenchResult) => string;
}

const TIMES: readonly Column[] = [
  { head: 'first', cell: ({ cold }) => duration(cold.firstCall) },
  { head: 'compile', cell: ({ cold }) => (cold.compile === undefined ? '' : duration(cold.compile)) },
  { head: 'median', cell: ({ steady }) => (steady ? duration(steady.median) : '') },
  { head: '±', cell: ({ steady }) => (steady ? (steady.noise === undefined ? '?' : percent(steady.noise)) : '') },
  { head: 'p95', cell: ({ steady }) => (steady ? duration(steady.p95) : '') },
  { head: 'spread', cell: ({ steady }) => (steady ? percent(steady.spread) : '') },
];
const RATES: readonly Column[] = [
  { head: 'frames/s', cell: ({ steady }) => (steady ? rate(steady.framesPerSecond) : '') },
  { head: 'Mpixel/s', cell: ({ steady }) => (steady ? (steady.pixelsPerSecond / 1e6).toFixed(3) : '') },
  { head: 'of peak', cell: ({ steady }) => (steady?.shareOfPeak === undefined ? '' : percent(steady.shareOfPeak)) },
  { head: 'memory', cell: ({ cold }) => megabytes(cold.gpuMemoryBytes ?? cold.peakMemoryBytes) },
];

/** A row a variant: the axes in which they differ, to the left, and values with their units, to the right. */
function tableOf(results: readonly BenchResult[], columns: readonly Column[]): string {
  const axes = varying(results);
  const rows = [columns.map(({ head }) => head), ...results.map((result) => columns.map(({ cell }) => cell(result)))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const [heads = [], ...body] = rows.map((row) => row.map((text, column) => text.padStart(widths[column] ?? 0)));
  return table(
    [...axes, ...heads],
    body.map((row, index) => [...axes.map((axis) => AXES[axis]?.(results[index] as BenchResult) ?? ''), ...row]),
  );
}

/** The results as one table, or where that is wider than the terminal as two. */
export function resultsTable(results: readonly BenchResult[], width = Number.POSITIVE_INFINITY): string {
  const whole = tableOf(results, [...TIMES, ...RATES]);
  if (whole.split('\n').every((line) => line.length <= width)) return whole;
  return `${tableOf(results, TIMES)}\n${tableOf(results, RATES)}`;
}

/** What it ran on, and with, and what was dreamed. */
export function machineLines(
  { environment, model }: Pick<BenchReport, 'environment' | 'model'>,
  asked: { readonly threads: number },
): string[] {
  const { cpu, gpus, livedream, commit, tensorflow } = environment;
  const build =
    commit === undefined
      ? livedream
      : `${livedream}, commit ${commit.slice(0, 7)}${commit.endsWith('-dirty') ? ', changed' : ''}`;
  const objective = model?.objective;
  const channels = objective?.channels.map(({ channel }) => channel).join(', ');
  const what = objective && `${objective.layer}${channels ? `, channel ${channels}` : ''}`;
  const threads = asked.threads === 0 ? `${cpu.availableCores} cores` : `${asked.threads} threads`;
  return [
    `livedream ${build}, TensorFlow ${tensorflow.version} (${tensorflow.variant})`,
    `${cpu.model}, ${threads}${gpus.map(({ name, driver }) => `; ${name}, driver ${driver}`).join('')}`,
    ...(model === undefined ? [] : [`${model.name}, ${what}`]),
  ];
}

export function headLines(report: BenchReport): string {
  const { results, options, rounds, complete } = report;
  return [
    ...machineLines(report, options),
    ...(results.length === 0 ? [] : [common(results)]),
    `${rounds} round${rounds === 1 ? '' : 's'}${complete ? '' : ', not finished'}`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function peaksLine({ peaks }: BenchReport): string[] {
  return peaks.map(
    ({ on, precision, gigaflopsPerSecond }) =>
      `The best convolution on ${on} in ${precision}: ${rate(gigaflopsPerSecond)} GFLOP/s.`,
  );
}

/** What was measured, as far as it says how noisy that is. */
export interface Noise extends Pick<BenchReport, 'rounds' | 'others'> {
  readonly results: readonly { readonly steady?: Pick<BenchSteady, 'noise' | 'noisy'> }[];
}

/** How far the medians can be relied on, in a few words; undefined where nothing was measured. */
export function noiseVerdict({
  results,
  rounds,
}: Noise): { readonly noisy: boolean; readonly text: string } | undefined {
  const steady = results.flatMap((result) => result.steady ?? []);
  if (steady.length === 0) return undefined;
  if (steady.some(({ noise }) => noise === undefined))
    return {
      noisy: true,
      text: `Too few rounds to tell how noisy the machine is: ${rounds}, and it takes ${LEAST_ROUNDS}`,
    };
  const noisy = steady.filter((each) => each.noisy).length;
  const most = percent(MOST_NOISE);
  if (noisy === 0) return { noisy: false, text: `Each median is known to ${most}` };
  const worst = percent(Math.max(...steady.map(({ noise }) => noise ?? 0)));
  return {
    noisy: true,
    text: `Too noisy to tell: ${noisy} of ${steady.length} medians are not known to ${most}, one only to ${worst}`,
  };
}

/** The same with what it means. */
export function noiseLines(report: Noise): string[] {
  const verdict = noiseVerdict(report);
  if (verdict === undefined) return [];
  const { others = 0 } = report;
  if (!verdict.noisy) return [`${verdict.text}: another run differs by no more than 5 %.`];
  return [
    `${verdict.text}; another run may differ by more than 5 %.`,
    ...(others > 0.05 ? [`Other programs took ${percent(others)} of the processors meanwhile.`] : []),
  ];
}

/** What was asked for and cannot be had, by reason. */
export function skippedLines({ skipped }: Pick<BenchReport, 'skipped'>): string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, reason, code } of skipped) {
    const key = `${reason}${code === undefined ? '' : ` [${code}]`}`;
    byReason.set(key, [...(byReason.get(key) ?? []), name]);
  }
  return [...byReason].flatMap(([reason, names]) => [`skipped: ${reason}`, ...names.map((name) => `    ${name}`)]);
}

/** All that is printed when the measuring has ended, one way or another. */
export function reportText(report: BenchReport): string {
  const notes = [...peaksLine(report), ...noiseLines(report), ...skippedLines(report)];
  const body =
    report.results.length === 0
      ? ''
      : `\n${resultsTable(report.results, process.stdout.isTTY ? terminalWidth() : undefined)}\n`;
  return `${headLines(report)}${body}${notes.map((line) => `${line}\n`).join('')}`;
}
