import { describe, expect, test } from 'vitest';
import type { NativeDream, NativePlan, NativePrecision, NativeProgress } from '../../lib/binding/native.js';
import { dreamInAnotherProcess } from '../support/another-process.js';
import { engineWith, modeOf, notCancelled, type PlanSettings, type PlanShape, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture, meanDifference } from '../support/pictures.js';

// compiled_loop.h against the native loop, both with XLA, which rounds alike in both: where a dream differs, it is not the same.

const SIZE = { width: 64, height: 48 };

interface Settings extends PlanSettings {
  readonly precision?: NativePrecision;
}

async function both(
  shape: PlanShape,
  { precision = 'float32', ...settings }: Settings,
  check: (native: NativeDream, compiled: NativeDream, progress: readonly NativeProgress[][]) => void,
): Promise<void> {
  const engine = await engineWith(smallModel(), undefined, precision);
  const picture = madePicture(shape.width, shape.height);
  const dreams: NativeDream[] = [];
  const progress: NativeProgress[][] = [];
  for (const loop of ['native', 'compiled'] as const) {
    const mode = modeOf(true, precision, loop);
    const plan = planFor(smallModel(), shape, { jitter: true, seed: 3n, mode, ...settings });
    const told: NativeProgress[] = [];
    dreams.push(await engine.dream(plan, picture, notCancelled(), (each) => told.push(each)));
    progress.push(told);
  }
  await engine.dispose();
  check(dreams[0] as NativeDream, dreams[1] as NativeDream, progress);
}

function expectSame(native: NativeDream, compiled: NativeDream): void {
  expect(compiled.objectives).toHaveLength(native.objectives.length);
  for (const [i, objective] of native.objectives.entries()) {
    expect(Math.abs((compiled.objectives[i] as number) - objective)).toBeLessThanOrEqual(1e-3 * Math.abs(objective));
  }
  expect(compiled.moved).toEqual(native.moved);
  expect(meanDifference(compiled.data as Float32Array, native.data as Float32Array)).toBeLessThan(1e-2);
}

const CASES: Readonly<Record<string, readonly [PlanShape, Settings]>> = {
  'several octaves of one tile': [SIZE, { iterations: 3 }],
  'several slices, which come out even': [
    { ...SIZE, octaves: 1 },
    { iterations: 18, step: 0.5 },
  ],
  'a last slice that is not full': [
    { ...SIZE, octaves: 1 },
    { iterations: 17, step: 0.5 },
  ],
  'several tiles, one after the other': [{ width: 80, height: 70, octaves: 2, tileSize: 48 }, { iterations: 3 }],
  'an update that smooths and keeps the range': [SIZE, { iterations: 2, normalize: 'smooth', keepRange: true }],
  'in bfloat16, in tiles': [
    { ...SIZE, octaves: 1, tileSize: 48 },
    { iterations: 2, precision: 'bfloat16' },
  ],
  'an update by the Laplacian': [
    { ...SIZE, octaves: 1 },
    { iterations: 2, normalize: 'laplacian' },
  ],
};

describe('the compiled loop dreams what the native one does', () => {
  test.each(Object.entries(CASES))('%s', async (_name, [shape, settings]) => {
    await both(shape, settings, expectSame);
  });

  test('two pictures side by side', async () => {
    const engine = await engineWith(smallModel());
    const one = madePicture(SIZE.width, SIZE.height);
    const picture = Float32Array.from([...one, ...one.slice().reverse()]);
    const dreams: NativeDream[] = [];
    for (const loop of ['native', 'compiled'] as const) {
      const plan = planFor(
        smallModel(),
        { ...SIZE, octaves: 1 },
        { iterations: 3, mode: modeOf(true, 'float32', loop) },
      );
      const octaves = plan.octaves.map((octave) => ({ ...octave, pictures: 2, batch: 2 }));
      const [objective] = plan.objectives;
      const objectives = [objective, objective] as NativePlan['objectives'];
      dreams.push(await engine.dream({ ...plan, octaves, objectives }, picture, notCancelled()));
    }
    await engine.dispose();
    expectSame(dreams[0] as NativeDream, dreams[1] as NativeDream);
    expect(dreams[1]?.objectives).toHaveLength(6);
  });

  test('and tells of every step, in order', async () => {
    await both({ ...SIZE, octaves: 2 }, { iterations: 17, step: 0.5 }, (native, compiled, [byNative, byCompiled]) => {
      expectSame(native, compiled);
      const last = { octave: 1, iteration: 17 };
      expect(byNative?.at(-1)).toMatchObject(last);
      expect(byCompiled?.at(-1)).toMatchObject(last);
    });
  });
});

describe('a compiled loop', () => {
  const compiled = (settings: PlanSettings = {}): NativePlan =>
    planFor(smallModel(), { ...SIZE, octaves: 1 }, { mode: modeOf(true, 'float32', 'compiled'), ...settings });

  test('ends where the picture is finite no more, with the iteration', async () => {
    const engine = await engineWith(smallModel());
    const picture = madePicture(SIZE.width, SIZE.height);
    await expect(engine.dream(compiled({ step: 3e38, iterations: 6 }), picture, notCancelled())).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_NOT_FINITE',
      octave: 0,
      iteration: expect.any(Number),
    });
    await engine.dispose();
  });

  test('is cancelled between slices', async () => {
    const engine = await engineWith(smallModel());
    const picture = madePicture(SIZE.width, SIZE.height);
    const cancellation = notCancelled();
    const dream = engine.dream(compiled({ iterations: 100_000 }), picture, cancellation, () => cancellation.cancel());
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    await engine.dispose();
  });

  test('serves dreams of other seeds, steps and channels with the program that it has', async () => {
    const engine = await engineWith(smallModel());
    const picture = madePicture(SIZE.width, SIZE.height);
    await engine.dream(compiled({ iterations: 4 }), picture, notCancelled());
    const again = await engine.dream(
      compiled({ iterations: 4, seed: 9n, jitter: true, step: 2 }),
      picture,
      notCancelled(),
    );
    expect(again.timings.programsBuilt).toBe(0);
    await engine.dispose();
  });

  test('has no convolution that XLA does the slow way, as it does gradients by TensorFlow in a loop', async () => {
    const slowOnes = async (settings: PlanSettings): Promise<number> => {
      const picture = madePicture(SIZE.width, SIZE.height);
      const environment = { TF_CPP_VMODULE: 'thunk_emitter=3', TF_CPP_MIN_LOG_LEVEL: '0' };
      const { stderr } = await dreamInAnotherProcess(compiled({ iterations: 2, ...settings }), picture, {
        verbose: true,
        environment,
      });
      return stderr.split('unoptimized convolution').length - 1;
    };
    expect(await slowOnes({})).toBe(0);
    const { rewrites, ...mode } = modeOf(true, 'float32', 'compiled');
    const without = rewrites.filter((name) => name !== 'plainGradient');
    expect(await slowOnes({ mode: { ...mode, rewrites: without } })).toBeGreaterThan(0);
  });

  test('is warmed up whole', async () => {
    const engine = await engineWith(smallModel());
    await engine.warmUp(compiled({ iterations: 4 }), notCancelled());
    const picture = madePicture(SIZE.width, SIZE.height);
    expect((await engine.dream(compiled({ iterations: 4 }), picture, notCancelled())).timings.programsBuilt).toBe(0);
    await engine.dispose();
  });
});
