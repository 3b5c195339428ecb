import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { LiveDreamError } from '../errors.js';
import { BENCH_FORMAT } from './report.js';

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const part = v.pipe(v.number(), v.finite(), v.minValue(0));
const interval = v.pipe(v.tuple([positive, positive]), v.readonly());
const listOf = <S extends v.GenericSchema>(schema: S) => v.pipe(v.array(schema), v.readonly());

/** What is compared of a benchmark's JSON; the rest is for people and other programs. */
const REPORT = v.object({
  format: v.literal(BENCH_FORMAT.format),
  version: v.literal(BENCH_FORMAT.version),
  date: v.pipe(v.string(), v.isoTimestamp()),
  environment: v.object({
    cpu: v.object({ model: v.string(), availableCores: positive }),
    gpus: listOf(v.object({ name: v.string(), driver: v.string() })),
    livedream: v.string(),
    commit: v.optional(v.string()),
    tensorflow: v.object({ version: v.string(), variant: v.string() }),
    xlaFlags: listOf(v.string()),
  }),
  options: v.object({
    octaveScale: positive,
    tileSize: positive,
    normalize: v.string(),
    threads: whole,
  }),
  model: v.optional(
    v.object({
      name: v.string(),
      sha256: v.string(),
      objective: v.object({
        layer: v.string(),
        channels: listOf(v.object({ channel: whole, weight: v.number() })),
      }),
    }),
  ),
  results: listOf(
    v.object({
      name: v.string(),
      on: v.string(),
      precision: v.string(),
      checked: v.optional(v.object({ version: v.string() })),
      steady: v.optional(
        v.object({
          median: positive,
          interval,
          noise: v.optional(part),
          noisy: v.boolean(),
          shareOfPeak: v.optional(positive),
        }),
      ),
    }),
  ),
  peaks: listOf(v.object({ on: v.string(), precision: v.string(), gigaflopsPerSecond: positive, interval })),
});

export type ComparableReport = v.InferOutput<typeof REPORT>;

/** Far more than any benchmark says. */
const MOST_BYTES = 2 ** 28;

function unreadable(file: string, why: string, cause?: unknown): LiveDreamError {
  const message = `'${file}' cannot be compared: ${why}.`;
  return new LiveDreamError('ERR_LIVEDREAM_BENCH_UNREADABLE', message, { cause });
}

/** Checks what was read; the error names the first field that is wrong. */
export function checkReport(value: unknown, file: string): ComparableReport {
  const checked = v.safeParse(REPORT, value, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const field = v.getDotPath(issue);
  const what = field === null ? 'it' : `its field '${field}'`;
  throw unreadable(file, `${what} must be ${issue.expected ?? 'another'}, but is ${issue.received}`);
}

/** A benchmark that was written before. Rejects with ERR_LIVEDREAM_BENCH_UNREADABLE, naming what is wrong. */
export async function readReport(file: string): Promise<ComparableReport> {
  let text: string;
  try {
    if ((await stat(file)).size > MOST_BYTES) throw new Error('it is too large for a benchmark');
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error), error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadable(file, `it is no JSON (${(error as Error).message})`, error);
  }
  return checkReport(value, file);
}
