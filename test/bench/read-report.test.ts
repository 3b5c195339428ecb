import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareBenches } from '../../lib/bench/compare.js';
import { readReport } from '../../lib/bench/read-report.js';
import { noisyRounds, reportOf } from '../support/bench-report.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-reports-'));
});
afterAll(() => rm(folder, { recursive: true }));

const report = reportOf([{ rounds: noisyRounds(9, 100, 0.01) }, { variant: { xla: true }, rounds: [] }]);

async function read(content: unknown): Promise<unknown> {
  const file = path.join(folder, 'report.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readReport(file);
}

test('what was written is read, also of a benchmark that was ended early', async () => {
  const again = (await read(report)) as Parameters<typeof compareBenches>[0];
  expect(compareBenches(report, again)).toMatchObject({
    differences: [{ verdict: 'same', ratio: 1 }],
    conditions: [],
    onlyBefore: [],
  });
  expect(await read(`\uFEFF${JSON.stringify(report)}`)).toEqual(again);
});

/** The report with something else in one place. */
function changed(place: string, value: unknown): unknown {
  const copy = structuredClone(report) as unknown as Record<string, unknown>;
  const steps = place.split('.');
  const last = steps.pop() as string;
  const inside = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy);
  if (value === undefined) delete inside[last];
  else inside[last] = value;
  return copy;
}

describe('a damaged file is refused with the field', () => {
  const DAMAGED: readonly (readonly [string, unknown, RegExp])[] = [
    ['format', 'another', /must be "livedream-bench", but is "another"/],
    ['version', 2, /must be 1, but is 2/],
    ['date', 'yesterday', /but is "yesterday"/],
    ['environment', undefined, /but is undefined/],
    ['environment.cpu.model', 7, /must be string, but is 7/],
    ['options.tileSize', -1, /must be >0, but is -1/],
    ['results', {}, /must be Array, but is Object/],
    ['results.0.name', null, /must be string, but is null/],
    ['results.0.steady.median', '12', /must be number, but is "12"/],
    ['results.0.steady.interval', [1], /but is undefined/],
    ['results.0.steady.noisy', 1, /must be boolean, but is 1/],
    ['peaks.0.gigaflopsPerSecond', 0, /must be >0, but is 0/],
    ['model.objective.channels.0.channel', 1.5, /but is 1.5/],
  ];
  for (const [place, value, message] of DAMAGED) {
    test(`${place}: ${JSON.stringify(value)}`, async () => {
      const error = await read(changed(place, value)).catch((each: unknown) => each as Error);
      expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_BENCH_UNREADABLE', message: expect.stringMatching(message) });
      expect((error as Error).message).toContain(`its field '${place}`);
    });
  }
});

test.each([
  ['nothing', ''],
  ['half of it', JSON.stringify(report).slice(0, 900)],
  ['another text', 'median 12 ms'],
  ['a list', []],
  ['null', null],
  ["another program's JSON", { results: [{ mean: 3 }] }],
])('a file of %s is refused', async (_what, content) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_BENCH_UNREADABLE',
    message: expect.stringContaining(path.join(folder, 'report.json')),
  });
});

test('a file that is not there, and a folder, are refused', async () => {
  for (const file of [path.join(folder, 'none.json'), folder])
    await expect(readReport(file)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_BENCH_UNREADABLE' });
});
