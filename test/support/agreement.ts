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

/**
 * What is added to a picture, in levels of 255, where rounding may decide: less than that is between 255 and its next floats, eight times.
 * At a tie in max-pooling and at a Relu's edge the gradient has two values, and TensorFlow's own sessions take one or the other; one such
 * unit moves a step by up to 2e-3 (docs/algorithm.md).
 */
const NUDGES = [1e-4, -1e-4] as const;

/** The least of what `off` finds at the picture itself and, where that is more than `enough`, right beside it. */
async function leastOff(
  picture: Float32Array,
  enough: number,
  off: (picture: Float32Array) => Promise<number>,
): Promise<number> {
  let least = await off(picture);
  for (const by of NUDGES) if (least > enough) least = Math.min(least, await off(picture.map((value) => value + by)));
  return least;
}

/** How far one step of octave `octave` from the reference's picture is from its. How octaves join is for pyramid.test.ts and the end. */
async function restartedStep(
  engine: Measured,
  whole: NativePlan,
  reference: ReferenceDream,
  [octave, iteration]: readonly [number, number],
): Promise<number> {
  const size = whole.octaves[octave];
  if (!size) throw new Error(`no octave ${octave}`);
  const plan = { ...whole, octaves: [size], iterations: [1], step: whole.step.slice(octave, octave + 1) };
  const before = reference.picture(`before-${octave}-${iteration}`);
  const update = difference(reference.picture(`after-${octave}-${iteration}`), before);
  return leastOff(before, 1e-3, async (picture) => {
    const stepped = (await engine.dream(plan, picture, notCancelled())).data as Float32Array;
    return meanDifference(difference(stepped, picture), update) / meanMagnitude(update);
  });
}

export async function measureAgreement(
  engine: Measured,
  request: ReferenceRequest,
  reference: ReferenceDream,
  mode: NativeMode,
): Promise<Agreement> {
  const { model, picture, shape, iterations, step, update } = request;
  const plan = planFor(model, shape, { iterations, step, mode, ...update });
  const expected = reference.picture('gradient');
  const gradient = await leastOff(picture, 1e-4, async (at) => {
    const { data } = await engine.gradient(plan, at, notCancelled());
    return meanDifference(data, expected) / meanMagnitude(expected);
  });
  const steps: number[] = [];
  for (let octave = 0; octave < shape.octaves; octave += 1)
    for (let iteration = 0; iteration < iterations; iteration += 1)
      steps.push(await restartedStep(engine, plan, reference, [octave, iteration]));
  const dream = await engine.dream(plan, picture, notCancelled());
  const reached = await engine.gradient(plan, dream.data as Float32Array, notCancelled());
  return {
    gradient,
    steps,
    end: meanDifference(dream.data, reference.picture('end')) / reference.sensitivity,
    objective: Math.abs(reached.objective - reference.endObjective) / Math.abs(reference.endObjective),
  };
}
