// The real thing, on a small network.
import { beforeAll, describe, expect, test } from 'vitest';
import { type BenchOptions, bench } from '../../lib/bench/bench.js';
import type { BenchReport, BenchUpdate } from '../../lib/bench/report.js';
import { packageVersion } from '../../lib/version.js';
import { smallModel } from '../support/models.js';

const SMALL = { size: { width: 96, height: 64 }, octaves: 1, iterations: 2, device: 'cpu' };

function small(options: object = {}): BenchOptions {
  return { ...SMALL, model: { graph: smallModel().file, defaultLayer: 'mixed3b' }, ...options };
}

async function all(options: BenchOptions): Promise<BenchUpdate[]> {
  const updates: BenchUpdate[] = [];
  for await (const update of bench(options)) updates.push(update);
  return updates;
}

function last(updates: readonly BenchUpdate[]): BenchReport {
  return (updates.at(-1) as BenchUpdate).report;
}

describe('a benchmark', () => {
  let updates: BenchUpdate[];
  beforeAll(async () => {
    updates = await all(
      small({
        octaves: [1, 20],
        xla: [false, true, 'auto'],
        loop: ['native', 'compiled'],
        device: ['cpu', 'gpu:7'],
        rounds: 3,
        mostRounds: 3,
      }),
    );
    // Compiles four programs with XLA, perhaps beside other work.
  }, 600_000);

  test('measures every combination that can be had, and says which cannot, and why', () => {
    const { results, skipped } = last(updates);
    const ways = ['ordinary native', 'xla native', 'xla compiled'];
    const names = ways.map((way) => `96x64 1x2 cpu ${way} float32`);
    expect(results.map(({ name }) => name)).toEqual(names);
    expect(results.length + skipped.length).toBe(2 * 3 * 2 * 2);
    const reasons = new Map(skipped.map(({ code, reason }) => [code, reason]));
    expect([...reasons.keys()].sort()).toEqual([
      'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
      'ERR_LIVEDREAM_IMAGE_TOO_SMALL',
      'ERR_LIVEDREAM_OPTION_RANGE',
      undefined,
    ]);
    expect(reasons.get(undefined)).toMatch(/^It is '96x64 1x2 cpu ordinary native float32' again\.$/);
    expect(reasons.get('ERR_LIVEDREAM_OPTION_RANGE')).toContain('without XLA, which alone compiles loops');
  });

  test('tells what the first dream cost, and each from then on', () => {
    for (const { cold, steady, xla, operations, rewrites } of last(updates).results) {
      expect(cold.firstCall).toBeGreaterThan(cold.compile ?? Number.NaN);
      expect(cold.compile).toBeGreaterThan(0);
      expect(cold.load).toBeGreaterThan(0);
      // TensorFlow alone takes more than 100 MB, and no such network 4 GB.
      expect(cold.peakMemoryBytes).toBeGreaterThan(100e6);
      expect(cold.peakMemoryBytes).toBeLessThan(4e9);
      expect(rewrites.includes('maxPoolMasks')).toBe(xla);
      const { median, rounds, interval, p95, noisy, framesPerSecond, pixelsPerSecond, shareOfPeak } = steady ?? {};
      expect(rounds).toHaveLength(3);
      expect(median).toBeLessThan(cold.firstCall);
      expect(interval?.[0]).toBeLessThanOrEqual(median ?? 0);
      expect(p95).toBeGreaterThanOrEqual(median ?? Number.NaN);
      expect(framesPerSecond).toBeCloseTo(1000 / (median ?? 0));
      expect(pixelsPerSecond).toBeCloseTo((96 * 64 * 1000) / (median ?? 0));
      expect(steady?.gigaflopsPerSecond).toBeCloseTo(operations / (median ?? 0) / 1e6);
      expect(shareOfPeak).toBeGreaterThan(0);
      // Three rounds say nothing.
      expect(noisy).toBe(true);
    }
  });

  test('is told as it goes, in turns, and whole at the end', () => {
    const report = last(updates);
    expect(report).toMatchObject({ format: 'livedream-bench', version: 1, complete: true, rounds: 3 });
    expect(updates.slice(0, -1).every(({ report: each }) => !each.complete)).toBe(true);
    const phases = [...new Set(updates.map(({ phase }) => phase))];
    expect(phases).toEqual(['preparing', 'first dreams', 'loading', 'rounds']);
    const turns = updates.filter(({ round }) => round !== undefined).map(({ name }) => name);
    const names = ['convolution CPU:0 float32', ...report.results.map(({ name }) => name)];
    expect(turns).toEqual([...names, ...names, ...names]);
    expect(report.peaks).toMatchObject([{ on: 'CPU:0', precision: 'float32' }]);
    expect(report.peaks[0]?.rounds).toHaveLength(3);
  });

  test('records where it ran, and what', () => {
    const { environment, model, options, date } = last(updates);
    expect(environment).toMatchObject({ livedream: packageVersion(), node: process.version });
    expect(environment.cpu.availableCores).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(environment.cpu.flags.length).toBeGreaterThan(5);
    expect(environment.commit ?? '0'.repeat(40)).toMatch(/^[\da-f]{40}(-dirty)?$/);
    expect(environment.tensorflow.version).toMatch(/^2\./);
    expect(model).toMatchObject({ objective: { layer: 'mixed3b', kind: 'layer' } });
    expect(options).toMatchObject({ rounds: 3, mostRounds: 3, tileSize: 512, octaveScale: 1.4 });
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(3600_000);
    expect(JSON.parse(JSON.stringify(last(updates)))).toEqual(last(updates));
  });
});

test('an abort ends it in every phase, and what was measured is what was told last', async () => {
  for (const phase of ['preparing', 'first dreams', 'loading', 'rounds'] as const) {
    const controller = new AbortController();
    const reason = new Error('enough');
    let seen: BenchUpdate | undefined;
    const running = (async () => {
      for await (const update of bench(small({ xla: false, signal: controller.signal }))) {
        seen = update;
        // In the midst of what comes next.
        if (update.phase === phase) setTimeout(() => controller.abort(reason), 20);
      }
    })();
    await expect(running).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', name: 'AbortError' });
    expect(seen?.report.complete).toBe(false);
    if (phase === 'rounds') expect(seen?.report.results).toHaveLength(1);
  }
  const aborted = bench(small({ signal: AbortSignal.abort() }));
  await expect(aborted.next()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
});

test('who leaves the loop is not kept', async () => {
  for await (const { phase } of bench(small({ xla: false }))) if (phase === 'rounds') break;
  // Its engines are gone with it, or this process would not end: vitest says so.
  const handles = process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap');
  expect(handles).toEqual([]);
});

test('what is wrong for all variants is an error, not a list of skipped ones', async () => {
  await expect(all({ ...SMALL, model: 'no-such-model' })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_MODEL_UNKNOWN',
  });
  await expect(all(small({ layer: 'mixed9' }))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_LAYER_UNKNOWN' });
  await expect(all(small({ picture: '/no/such.png' }))).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE',
  });
});

test('wrong options are refused at the call, by their names', () => {
  const wrong = (options: object): unknown => {
    try {
      bench(options as BenchOptions);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  for (const [options, name] of [
    [{ size: { width: 4, height: 64 } }, 'size.width'],
    [{ size: [{ width: 64 }] }, 'size[0].height'],
    [{ size: '480x360' }, 'size'],
    [{ octaves: [4, 0] }, 'octaves[1]'],
    [{ iterations: [] }, 'iterations'],
    [{ iterations: [[1, 2]] }, 'iterations[0]'],
    [{ xla: 'yes' }, 'xla'],
    [{ device: 'cpu,gpu' }, 'device'],
    [{ precision: ['float32', 'float64'] }, 'precision[1]'],
    [{ rounds: 0 }, 'rounds'],
    [{ round: 3 }, 'round'],
    [{ filter: 'a', layer: 'b' }, 'layer'],
    [{ signal: 3 }, 'signal'],
  ] as const) {
    const error = wrong(options);
    expect(error, JSON.stringify(options)).toMatchObject({ code: expect.stringMatching(/^ERR_LIVEDREAM_OPTION_/) });
    expect((error as Error).message).toContain(`'${name}'`);
  }
});
