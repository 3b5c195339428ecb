import { expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import { openRuntime } from '../../lib/runtime/find/open.js';

const settings = { device: 'CPU:0', programCacheBytes: 0, queueLimit: 1, threads: 0, precision: 'float32' } as const;

test('the best convolution is timed in each precision, the operations counted', async () => {
  await openRuntime();
  const addon = loadAddon();
  const precisions = ['float32', ...(addon.bfloat16Unit() === 'none' ? [] : ['bfloat16' as const])] as const;
  for (const precision of precisions) {
    const { operations, milliseconds } = await addon.convolutionPeak(
      { ...settings, precision },
      new addon.Cancellation(),
    );
    expect(operations).toBe(2 * 64 * 64 * 3 * 3 * 256 * 256);
    expect(milliseconds).toHaveLength(7);
    for (const ms of milliseconds) expect(ms).toBeGreaterThan(0);
    // Between what no processor is too slow for, and what none is fast enough for: it is computed, and not skipped.
    const rate = operations / Math.min(...milliseconds) / 1e6;
    expect(rate).toBeGreaterThan(0.5);
    expect(rate).toBeLessThan(100_000);
  }
});

test('a device that is not there, and an abort, are told', async () => {
  await openRuntime();
  const addon = loadAddon();
  const elsewhere = { ...settings, device: 'CPU:7' };
  await expect(addon.convolutionPeak(elsewhere, new addon.Cancellation())).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
  });
  const cancelled = new addon.Cancellation();
  cancelled.cancel();
  await expect(addon.convolutionPeak(settings, cancelled)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
});
