import { afterEach, describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeEngine, NativePlan } from '../../lib/binding/native.js';
import { engineWith, modeOf, notCancelled, type PlanShape, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture } from '../support/pictures.js';

const model = smallModel();
const engines: NativeEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

/** One that has compiled nothing. */
async function engine(programCacheBytes?: number): Promise<NativeEngine> {
  const made = await engineWith(model, programCacheBytes);
  engines.push(made);
  return made;
}

function plan(shape: PlanShape, settings: Partial<NativePlan> = {}): NativePlan {
  return { ...planFor(model, shape, { iterations: 3, jitter: true }), mode: modeOf(true), prefetch: true, ...settings };
}

async function dreamOf(made: NativeEngine, planned: NativePlan): Promise<Awaited<ReturnType<NativeEngine['dream']>>> {
  const { width, height } = planned.octaves.at(-1) as { width: number; height: number };
  return made.dream(planned, Float32Array.from(madePicture(width, height)), notCancelled());
}

describe('compiling later octaves beside earlier ones', () => {
  test.each([
    ['of one tile', { width: 96, height: 72 }, 3],
    // Two octaves of tiles of one size: three programs each, of which they share the gradient's.
    ['of tiles', { width: 120, height: 90, octaves: 2, octaveScale: 1.1, tileSize: 64 }, 5],
  ])('%s changes nothing but the time', async (_, shape, programs) => {
    const beside = await dreamOf(await engine(), plan(shape));
    const alone = await dreamOf(await engine(), plan(shape, { prefetch: false }));
    expect(beside.timings).toMatchObject({ programsBuilt: programs, compilations: programs, compilationsFromCache: 0 });
    expect(alone.timings).toMatchObject({ programsBuilt: programs, compilations: programs });
    expect(Buffer.from(beside.data.buffer).equals(Buffer.from(alone.data.buffer))).toBe(true);
  });

  test('compiles nothing twice where octaves have the same tiles in batches of other sizes', async () => {
    const made = await engine();
    const planned = plan({ width: 120, height: 90, octaves: 2, octaveScale: 1.1, tileSize: 64 });
    const octaves = planned.octaves.map((octave, index) => ({ ...octave, batch: index + 1 }));
    const dream = await dreamOf(made, { ...planned, octaves });
    expect(dream.timings).toMatchObject({ programsBuilt: 6, compilations: 6 });
    const { steps } = made.statistics();
    expect((await dreamOf(made, { ...planned, octaves })).timings).toMatchObject({ programsBuilt: 0, compile: 0 });
    expect(made.statistics().steps - steps).toBe(6);
  });

  test('is not done again, and costs no steps, where all is compiled', async () => {
    const made = await engine();
    await dreamOf(made, plan({ width: 96, height: 72 }));
    const { steps } = made.statistics();
    const again = await dreamOf(made, plan({ width: 96, height: 72 }));
    expect(again.timings).toMatchObject({ programsBuilt: 0, compilations: 0, compile: 0 });
    expect(made.statistics().steps - steps).toBe(9);
  });

  test('ends with a dream that is cancelled, and the engine goes on', async () => {
    const made = await engine();
    const cancellation = new (loadAddon().Cancellation)();
    const planned = plan({ width: 96, height: 72 });
    const dreaming = made.dream(planned, Float32Array.from(madePicture(96, 72)), cancellation, () =>
      cancellation.cancel(),
    );
    await expect(dreaming).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    expect((await dreamOf(made, planned)).objectives).toHaveLength(9);
  });

  test('leaves a failure to the step that meets it', async () => {
    const made = await engine();
    const planned = plan({ width: 96, height: 72 });
    const picture = new Float32Array(96 * 72 * 3).fill(Number.NaN);
    await expect(made.dream(planned, picture, notCancelled())).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_NOT_FINITE',
      octave: 0,
    });
    expect((await dreamOf(made, planned)).objectives).toHaveLength(9);
  });

  test('holds with a cache of programs that has no room', async () => {
    const made = await engine(1);
    const shape = { width: 120, height: 90, octaves: 2, octaveScale: 1.3, tileSize: 64 };
    const dream = await dreamOf(made, plan(shape));
    expect(dream.objectives).toHaveLength(6);
  });
});
