// What a caller's own functions do wrong is theirs to hear of: it ends their call, not the process and no other call.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import type { NativeLibrary } from '../../lib/binding/native.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { DreamOptions, DreamProgress } from '../../lib/options/dream-options.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { smallModel } from '../support/models.js';

const LONG = { octaves: 1, iterations: 5000 } as const;
const QUICK = { octaves: 1, iterations: 2 } as const;
const failure = new Error('from a callback');

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer({ queueLimit: 1 });
});
afterAll(async () => dreamer.dispose());

/** What a dream with this onProgress ends with. */
function endOf(onProgress: (progress: DreamProgress) => unknown, options: DreamOptions = LONG): Promise<unknown> {
  return dreamer.dream(rawPicture(96, 72), { ...options, onProgress }).catch((error: unknown) => error);
}

describe('an onProgress', () => {
  const FAILURES: readonly (readonly [string, () => unknown, unknown])[] = [
    [
      'that throws',
      () => {
        throw failure;
      },
      failure,
    ],
    [
      'that throws undefined',
      () => {
        throw undefined;
      },
      undefined,
    ],
    ['that returns a rejected promise', () => Promise.reject(failure), failure],
    ['whose promise is rejected later', () => sleep(20).then(() => Promise.reject(failure)), failure],
    [
      'that returns something like a promise, which fails',
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested
      () => ({ then: (_resolve: unknown, reject: (error: unknown) => void) => reject(failure) }),
      failure,
    ],
  ];
  for (const [what, fail, error] of FAILURES) {
    test(`${what} cancels its dream, which rejects with that very error, and the next dream works`, async () => {
      const { steps } = dreamer.statistics();
      expect(await endOf(fail)).toBe(error);
      expect(dreamer.statistics().steps - steps).toBeLessThan(4000);
      expect((await dreamer.dream(rawPicture(96, 72), QUICK)).objectives).toHaveLength(2);
    });
  }

  test('that fails leaves the other dreams of the Dreamer alone', async () => {
    let calls = 0;
    const failing = endOf(() => {
      calls += 1;
      throw failure;
    });
    const other = dreamer.dream(rawPicture(96, 72), QUICK);
    expect(await failing).toBe(failure);
    expect((await other).objectives).toHaveLength(2);
    expect(calls, 'it is not called again').toBe(1);
  });

  test('is awaited at the end, and may fail there', async () => {
    let done = 0;
    const dream = await dreamer.dream(rawPicture(96, 72), {
      ...QUICK,
      onProgress: async () => {
        await sleep(30);
        done += 1;
      },
    });
    expect(dream.objectives).toHaveLength(2);
    expect(done).toBeGreaterThan(0);
    const late = ({ fraction }: DreamProgress): unknown =>
      fraction === 1 && sleep(30).then(() => Promise.reject(failure));
    expect(await endOf(late, QUICK)).toBe(failure);
  });

  test('that never answers is given up by an abort, and keeps no place in the queue', async () => {
    const controller = new AbortController();
    const endless = [1, 2].map(() =>
      endOf(() => new Promise(() => undefined), { ...QUICK, signal: controller.signal }),
    );
    await expect
      .poll(() =>
        dreamer.dream(rawPicture(96, 72), QUICK).then(
          () => 'room',
          () => 'full',
        ),
      )
      .toBe('room');
    controller.abort();
    for (const end of await Promise.all(endless)) expect(end).toMatchObject({ name: 'AbortError' });
  });

  test('that throws after it has aborted: the abort came first', async () => {
    const controller = new AbortController();
    const onProgress = (): void => {
      controller.abort('enough');
      throw failure;
    };
    expect(await endOf(onProgress, { ...LONG, signal: controller.signal })).toMatchObject({
      code: 'ERR_LIVEDREAM_ABORTED',
      cause: 'enough',
    });
  });
});

test('a logger that fails is what load rejects with', async () => {
  const { library } = await openRuntime();
  const quiet = library.messages;
  // What TensorFlow says depends on the machine.
  (library as { -readonly [K in keyof NativeLibrary]: NativeLibrary[K] }).messages = 'a line\nanother';
  try {
    const lines: string[] = [];
    const good = await smallDreamer({ logger: (line) => lines.push(line) });
    await good.dispose();
    expect(lines).toEqual(['a line', 'another']);
    const throwing = (): never => {
      throw failure;
    };
    for (const logger of [throwing, () => Promise.reject(failure)])
      expect(await smallDreamer({ logger }).catch((error: unknown) => error)).toBe(failure);
  } finally {
    (library as { messages: string }).messages = quiet;
  }
});

describe('a process', () => {
  for (const mode of ['throws', 'rejects', 'rejects late', 'rejects after a failed dream']) {
    test(`whose onProgress ${mode} goes on`, async () => {
      const child = path.join(packageRoot, 'test/support/callback-child.cjs');
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [child, mode, smallModel().file]);
      expect({ stdout, stderr }).toEqual({ stdout: 'rejected: true, alive: 2 steps\n', stderr: '' });
    });
  }
});
