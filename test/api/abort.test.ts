// A cancelled call is known by its name to who knows Node's AbortError, by its code to who knows ours.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { LiveDreamError } from '../../lib/errors.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { longGraph } from '../support/long-graph.js';
import { smallModel } from '../support/models.js';

const LONG = { octaves: 1, iterations: 9000 } as const;

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(async () => dreamer.dispose());

async function expectAbort(work: Promise<unknown>, cause: unknown): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LiveDreamError);
  expect(error).toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED', octave: undefined });
  expect((error as Error).cause).toBe(cause);
}

describe('an AbortError with the reason as its cause', () => {
  const reason = { of: 'the caller' };
  const WORK: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
    load: (signal) => Dreamer.load({ model: smallModel().file, device: 'cpu', signal }),
    'a dream': (signal) => dreamer.dream(rawPicture(96, 72), { ...LONG, signal }),
    'a dream that asks about its layer': (signal) =>
      dreamer.dream(rawPicture(96, 72), { ...LONG, layer: 'mixed3a', signal }),
    gradient: (signal) => dreamer.gradient(rawPicture(96, 72), { signal }),
    warmUp: (signal) => dreamer.warmUp({ width: 97, height: 73 }, { signal }),
  };
  for (const [what, work] of Object.entries(WORK)) {
    test(`comes from ${what}, before and within`, async () => {
      await expectAbort(work(AbortSignal.abort(reason)), reason);
      const controller = new AbortController();
      const under = work(controller.signal);
      controller.abort(reason);
      await expectAbort(under, reason);
    });
  }

  test('comes soon from the load of a large graph, and its thread is free again', async () => {
    const model = { graph: longGraph(), preprocessing: { mean: 0 } };
    const start = performance.now();
    await (await Dreamer.load({ model, device: 'cpu' })).dispose();
    const whole = performance.now() - start;
    for (const after of [0.1 * whole, 0.35 * whole, 0.6 * whole]) {
      const controller = new AbortController();
      let aborted = 0;
      setTimeout(() => {
        aborted = performance.now();
        controller.abort(reason);
      }, after);
      await expectAbort(Dreamer.load({ model, device: 'cpu', signal: controller.signal }), reason);
      expect(performance.now() - aborted).toBeLessThan(200);
      // Behind what is left of it, as there is one thread for imports.
      const next = await smallDreamer();
      expect(performance.now() - aborted).toBeLessThan(1000);
      await next.dispose();
    }
  });

  test('comes from a dream at work, and from one that waits', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let waiting: Promise<void> = Promise.resolve();
    const onProgress = (): void => {
      waiting = expectAbort(dreamer.dream(rawPicture(96, 72), { ...LONG, signal }), reason);
      setTimeout(() => controller.abort(reason), 20);
    };
    await expectAbort(dreamer.dream(rawPicture(96, 72), { ...LONG, signal, onProgress: once(onProgress) }), reason);
    await waiting;
  });

  test('has the reason of AbortSignal.timeout() and of abort() without one', async () => {
    const signal = AbortSignal.timeout(50);
    const dream = dreamer.dream(rawPicture(96, 72), { ...LONG, signal });
    await expect(dream).rejects.toMatchObject({ cause: { name: 'TimeoutError' } });
    await expectAbort(dream, signal.reason);
    const aborted = AbortSignal.abort();
    await expectAbort(dreamer.dream(rawPicture(96, 72), { signal: aborted }), aborted.reason);
  });
});

test('disposal cancels with an AbortError too, which has no cause', async () => {
  const other = await smallDreamer();
  const dream = other.dream(rawPicture(96, 72), { ...LONG, onProgress: once(() => void other.dispose()) });
  await expectAbort(dream, undefined);
});

test('many dreams with one signal leave no listener, and no warning', async () => {
  const warnings: unknown[] = [];
  const warn = (warning: unknown): number => warnings.push(warning);
  process.on('warning', warn);
  const { signal } = new AbortController();
  const quick = { octaves: 1, iterations: 1, signal };
  await Promise.all(Array.from({ length: 30 }, () => dreamer.dream(rawPicture(64, 64), quick)));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
