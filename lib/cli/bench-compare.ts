import { type BenchComparison, type BenchDifference, compareBenches } from '../bench/compare.js';
import { readReport } from '../bench/read-report.js';
import { optionRangeError } from '../errors.js';
import type { BenchFlags } from './bench-flags.js';
import { duration, percent } from './bench-table.js';
import { table } from './table.js';

const VERDICTS = {
  faster: 'faster',
  slower: 'slower',
  same: 'the same within noise',
  noisy: 'too noisy to tell',
} as const;

function row({ name, before, after, ratio, interval, verdict, shares }: BenchDifference): string[] {
  const [low, high] = interval;
  return [
    name,
    duration(before),
    duration(after),
    ratio.toFixed(3),
    `${low.toFixed(3)} to ${high.toFixed(3)}`,
    shares === undefined ? '' : shares.map(percent).join(', '),
    VERDICTS[verdict],
  ];
}

function notes({ peaks, onlyBefore, onlyAfter, conditions, differences }: BenchComparison): string[] {
  const beyond = differences.filter(({ verdict }) => verdict === 'faster' || verdict === 'slower').length;
  return [
    ...(differences.length === 0 ? ['Nothing was measured in both.'] : []),
    ...(differences.length === 0 ? [] : [`${beyond} of ${differences.length} differences exceed the noise of both.`]),
    ...peaks
      .filter(({ exceeds }) => exceeds)
      .map(
        ({ on, precision, ratio }) =>
          `The machine itself was another: its best convolution on ${on} in ${precision} ran at ${ratio.toFixed(2)} times the rate.`,
      ),
    ...conditions.map(({ field, before, after }) => `Not the same: ${field}: '${before}', then '${after}'.`),
    ...onlyBefore.map((name) => `Only in the first: ${name}`),
    ...onlyAfter.map((name) => `Only in the second: ${name}`),
  ];
}

export function comparisonText(comparison: BenchComparison): string {
  const heads = ['variant', 'before', 'after', 'ratio', 'by noise', 'of peak', 'verdict'];
  const rows = comparison.differences.map(row);
  const body = rows.length === 0 ? '' : `${table(heads, rows)}\n`;
  return `${body}${notes(comparison)
    .map((line) => `${line}\n`)
    .join('')}`;
}

/** Prints what differs between two benchmarks that were written before. */
export async function printComparison({ compare = [], ...others }: BenchFlags): Promise<void> {
  const [before, after, ...more] = compare;
  if (before === undefined || after === undefined || more.length > 0)
    throw optionRangeError('compare', 'two files of --json', compare.join(', '));
  for (const [name, value] of Object.entries(others))
    throw optionRangeError(name, 'left out with --compare, which measures nothing', value);
  process.stdout.write(comparisonText(compareBenches(await readReport(before), await readReport(after))));
}
