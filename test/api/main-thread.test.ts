import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(async () => dreamer.dispose());

/** Resolves with the number of steps when the dream reports its first progress. */
function started(dream: (onProgress: () => void) => void): Promise<void> {
  return new Promise((resolve) => dream(resolve));
}

/** The event loop's delay while something happens, in milliseconds: median and 99th percentile. */
async function delayDuring(work: () => Promise<unknown>): Promise<{ median: number; p99: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return { median: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6 };
}

test("the event loop is free while a dream runs: its delay is an idle loop's in the same run", async () => {
  await dreamer.warmUp({ width: 480, height: 360 });
  const idle = await delayDuring(() => new Promise((resolve) => setTimeout(resolve, 800)));
  let total = 0;
  const busy = await delayDuring(async () => {
    const dream = await dreamer.dream(rawPicture(480, 360), { iterations: 100, onProgress: () => undefined });
    total = dream.timings.total;
  });
  const said = (name: string, { median, p99 }: typeof idle): string =>
    `${name} median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  console.info(`event loop: ${said('idle', idle)}; ${said('dreaming', busy)}, a dream of ${Math.round(total)} ms`);
  expect(total).toBeGreaterThan(500);
  // A call that blocked would hold the loop for a step (10 to 40 ms) or the whole dream. Other programs on these cores delay
  // both loops alike; the median is above that noise.
  expect(busy.median).toBeLessThan(idle.median + 5);
  expect(busy.p99).toBeLessThan(Math.max(20, 4 * idle.p99, total / 10));
});

describe('abort', () => {
  test('returns within two steps, with the reason, and the Dreamer goes on', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let at = 0;
    const dream = dreamer.dream(rawPicture(480, 360), {
      octaves: 1,
      iterations: 5000,
      signal: controller.signal,
      onProgress: ({ iteration }) => {
        if (iteration < 3 || controller.signal.aborted) return;
        at = dreamer.statistics().steps;
        controller.abort(reason);
      },
    });
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', cause: reason });
    // Statistics are published when a job ends: the aborted one counts what it stepped, at most two after the report.
    const stepped = dreamer.statistics().steps - at;
    expect(stepped).toBeLessThanOrEqual(5);
    expect((await dreamer.dream(rawPicture(64, 64), { octaves: 1 })).objectives).toHaveLength(10);
  });

  test('before the start does nothing at all', async () => {
    const { steps } = dreamer.statistics();
    const dream = dreamer.dream('no such file', { signal: AbortSignal.abort() });
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    expect(dreamer.statistics().steps).toBe(steps);
  });

  test('of a dream that waits returns at once, while the one before it runs on', async () => {
    const first = new AbortController();
    const second = new AbortController();
    let long: Promise<unknown> = Promise.resolve();
    await started((onProgress) => {
      const options = { octaves: 1, iterations: 5000, signal: first.signal, onProgress };
      long = dreamer.dream(rawPicture(480, 360), options).catch((error: { code: string }) => error.code);
    });
    const waiting = dreamer.dream(rawPicture(64, 64), { octaves: 1, signal: second.signal });
    setTimeout(() => second.abort(), 20);
    const start = performance.now();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    expect(performance.now() - start).toBeLessThan(1000);
    first.abort();
    expect(await long).toBe('ERR_LIVEDREAM_ABORTED');
  });
});

describe('disposal', () => {
  test('cancels what runs, refuses what waits, and refuses what comes later', async () => {
    const other = await smallDreamer();
    let running: Promise<unknown> = Promise.resolve();
    await started((onProgress) => {
      running = other.dream(rawPicture(480, 360), { iterations: 5000, onProgress }).catch((error: unknown) => error);
    });
    const waiting = other.dream(rawPicture(64, 64), { octaves: 1 }).catch((error: unknown) => error);
    // The one that waits has to reach the queue first.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([other.dispose(), other.dispose()]);
    expect(await running).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    expect(await waiting).toMatchObject({ code: 'ERR_LIVEDREAM_DISPOSED' });
    await expect(other.dream(rawPicture(64, 64))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_DISPOSED' });
    await other.dispose();
  });

  test('happens by itself with await using', async () => {
    let kept: Dreamer;
    {
      await using scoped = await smallDreamer();
      kept = scoped;
      await scoped.dream(rawPicture(40, 40), { octaves: 1, iterations: 1 });
    }
    await expect(kept.dream(rawPicture(40, 40))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_DISPOSED' });
  });
});
