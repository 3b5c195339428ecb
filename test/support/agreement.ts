import type { NativeMode, NativePlan } from '../../lib/binding/native.js';
import { notCancelled, planFor } from './engine.js';
import { meanDifference, meanMagnitude } from './pictures.js';
import type { ReferenceDream, ReferenceRequest } from './reference.js';
import type { Measured } from './side-by-side.js';

/** How far the engine is from the reference, in the measures of docs/algorithm.md. */
export interface Agreement {
  /** (a) relative mean difference of the first gradient */
  readonly gradient: number;
  /** (b) relative mean difference of the update, of each step restarted from the reference's picture */
  readonly steps: readonly number[];
  /** (c) mean difference of the end pictures, relative to the reference's own sensitivity */
  readonly end: number;
  /** (c) relative difference of the objective reached */
  readonly objective: number;
}

function difference(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, index) => value - (b[index] as number));
}

/** One step of octave `octave` from the reference's picture. How octaves join is for pyramid.test.ts and the end picture. */
async function restartedStep(
  engine: Measured,
  whole: NativePlan,
  reference: ReferenceDream,
  [octave, iteration]: readonly [number, number],
): Promise<Float32Array> {
  const size = whole.octaves[octave];
  if (!size) throw new Error(`no octave ${octave}`);
  const plan = { ...whole, octaves: [size], iterations: [1], step: whole.step.slice(octave, octave + 1) };
  return (await engine.dream(plan, reference.picture(`before-${octave}-${iteration}`), notCancelled()))
    .data as Float32Array;
}

export async function measureAgreement(
  engine: Measured,
  request: ReferenceRequest,
  reference: ReferenceDream,
  mode: NativeMode,
): Promise<Agreement> {
  const { model, picture, shape, iterations, step, update } = request;
  const plan = planFor(model, shape, { iterations, step, mode, ...update });
  const first = await engine.gradient(plan, picture, notCancelled());
  const expected = reference.picture('gradient');
  const steps: number[] = [];
  for (let octave = 0; octave < shape.octaves; octave += 1) {
    for (let iteration = 0; iteration < iterations; iteration += 1) {
      const stepped = await restartedStep(engine, plan, reference, [octave, iteration]);
      const update = difference(
        reference.picture(`after-${octave}-${iteration}`),
        reference.picture(`before-${octave}-${iteration}`),
      );
      const off = meanDifference(stepped, reference.picture(`after-${octave}-${iteration}`));
      steps.push(off / meanMagnitude(update));
    }
  }
  const dream = await engine.dream(plan, picture, notCancelled());
  const reached = await engine.gradient(plan, dream.data as Float32Array, notCancelled());
  return {
    gradient: meanDifference(first.data, expected) / meanMagnitude(expected),
    steps,
    end: meanDifference(dream.data, reference.picture('end')) / reference.sensitivity,
    objective: Math.abs(reached.objective - reference.endObjective) / Math.abs(reference.endObjective),
  };
}
