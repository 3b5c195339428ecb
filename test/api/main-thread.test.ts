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

test("the event loop's delay stays below 20 ms at the 99th percentile while a dream runs", async () => {
  await dreamer.warmUp({ width: 480, height: 360 });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const dream = await dreamer.dream(rawPicture(480, 360), { iterations: 20, onProgress: () => undefined });
  delay.disable();
  const percentile = delay.percentile(99) / 1e6;
  console.info(`event loop: p99 ${percentile.toFixed(1)} ms over a dream of ${Math.round(dream.timings.total)} ms`);
  expect(dream.timings.total).toBeGreaterThan(500);
  expect(percentile).toBeLessThan(20);
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

test("an onProgress that throws is an uncaught exception, as any event handler's, and the dream goes on", async () => {
  const thrown = new Promise((resolve) => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(error);
    });
  });
  let calls = 0;
  const dream = dreamer.dream(rawPicture(64, 64), {
    octaves: 1,
    onProgress: () => {
      calls += 1;
      if (calls === 1) throw new Error('from onProgress');
    },
  });
  expect(await thrown).toMatchObject({ message: 'from onProgress' });
  expect((await dream).objectives).toHaveLength(10);
});
