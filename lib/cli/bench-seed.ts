import type { BenchOptions } from '../bench/bench.js';
import type { BenchReport } from '../bench/report.js';
import { duration } from './bench-table.js';
import { table } from './table.js';

/** The dream that the seed of this project, a DeepDream in TensorFlow Python, published its seconds of: docs/bench.md. */
export const SEED_OPTIONS: BenchOptions = {
  model: 'inception5h',
  layer: 'mixed4d_3x3_bottleneck_pre_relu',
  channel: 139,
  // Of its photograph.
  size: { width: 799, height: 533 },
  octaves: 4,
  octaveScale: 1.4,
  iterations: 10,
  tileSize: 512,
  normalize: 'none',
  device: ['cpu', 'gpu'],
  xla: [false, true],
};

interface SeedRow {
  readonly what: string;
  /** On which machine, and its seconds. */
  readonly published: string;
  /** What is measured of it here; nothing where it cannot be. */
  readonly here?: { readonly gpu: boolean; readonly xla: boolean };
}

const ROWS: readonly SeedRow[] = [
  { what: 'CPU only', published: '45 to 90 s', here: { gpu: false, xla: false } },
  { what: 'CPU with XLA', published: '', here: { gpu: false, xla: true } },
  { what: 'one GPU', published: '20 to 30 s (K80)', here: { gpu: true, xla: false } },
  { what: 'one GPU with XLA', published: '10 s (K80)', here: { gpu: true, xla: true } },
  { what: 'two GPUs with XLA', published: '6.5 s (2x 1080 Ti)' },
];

function hereOf({ here }: SeedRow, { results, skipped }: BenchReport): string[] {
  if (here === undefined) return ['one dream is on one device', ''];
  const result = results.find(
    ({ peer, device, xla }) => peer === undefined && (device !== 'cpu') === here.gpu && xla === here.xla,
  );
  if (result === undefined) {
    const none = here.gpu && skipped.some(({ code }) => code === 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE');
    return [none ? 'no GPU here' : 'not measured', ''];
  }
  const { cold, steady } = result;
  return [steady === undefined ? '' : duration(steady.median), duration(cold.firstCall)];
}

/** The seed's seconds beside those of this machine: of the dream, and of the first one of a process, which compiles. */
export function seedText(report: BenchReport): string {
  const { model, results } = report;
  const [first] = results;
  if (first === undefined || model === undefined) return '';
  const { size, octaves, iterations } = first;
  const layer = `${model.objective.layer}, channel ${model.objective.channels.map(({ channel }) => channel).join(', ')}`;
  const heads = ['', 'the seed published', 'here', 'the first dream here'];
  const rows = ROWS.map((row) => [row.what, row.published, ...hereOf(row, report)]);
  const what = `${size.width} x ${size.height}, ${octaves} octaves of ${iterations} steps, ${model.name}, ${layer}`;
  return `The seed's dream: ${what}\n\n${table(heads, rows)}`;
}
