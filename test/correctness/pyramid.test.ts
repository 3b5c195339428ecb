// How octaves are made and joined, against an implementation apart, which itself is held to the Python reference's pictures.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NativeEngine } from '../../lib/binding/native.js';
import { octaveSizes } from '../../lib/plan/octaves.js';
import { engineWith, notCancelled, planFor } from '../support/engine.js';
import { goldenRequest, readGolden } from '../support/golden.js';
import { meanDifference, meanMagnitude } from '../support/pictures.js';
import { resizeBilinear } from '../support/resize.js';

const request = goldenRequest();
const { model, picture, shape } = request;
const { dream: reference } = readGolden(request);
const sizes = octaveSizes(shape, shape.octaves, shape.octaveScale);
const size = (octave: number) => sizes[octave] as (typeof sizes)[number];

/** The picture at every octave's size, each resized from the one above it. */
const levels = sizes.map(() => picture);
for (let octave = sizes.length - 2; octave >= 0; octave -= 1)
  levels[octave] = resizeBilinear(levels[octave + 1] as Float32Array, size(octave + 1), size(octave));

/** What an octave became, enlarged to the next, with the detail of that. */
function grown(became: Float32Array, octave: number): Float32Array {
  const [here, there] = [size(octave), size(octave + 1)];
  const blurred = resizeBilinear(levels[octave] as Float32Array, here, there);
  const detail = (levels[octave + 1] as Float32Array).map((value, index) => value - (blurred[index] as number));
  return resizeBilinear(became, here, there).map((value, index) => value + (detail[index] as number));
}

const off = (a: Float32Array, b: Float32Array): number => meanDifference(a, b) / meanMagnitude(b);

let engine: NativeEngine;
beforeAll(async () => {
  engine = await engineWith(model);
});
afterAll(async () => engine.dispose());

test('the implementation apart makes the pictures that the reference starts its octaves from', () => {
  expect(off(levels[0] as Float32Array, reference.picture('before-0-0'))).toBeLessThan(1e-6);
  for (let octave = 0; octave + 1 < sizes.length; octave += 1) {
    const start = grown(reference.picture(`octave-${octave}`), octave);
    expect(off(start, reference.picture(`before-${octave + 1}-0`))).toBeLessThan(1e-6);
  }
});

test('the engine joins octaves as it does: a dream is its octaves one by one', async () => {
  const settings = { iterations: 1, step: request.step };
  let current = levels[0] as Float32Array;
  for (let octave = 0; octave < sizes.length; octave += 1) {
    const plan = planFor(model, { ...size(octave), octaves: 1 }, settings);
    const became = (await engine.dream(plan, current, notCancelled())).data as Float32Array;
    current = octave + 1 < sizes.length ? grown(became, octave) : became;
  }
  const whole = await engine.dream(planFor(model, shape, settings), picture, notCancelled());
  // What the steps changed, not the picture, which any pyramid gives back.
  const change = (data: Float32Array): Float32Array => data.map((value, index) => value - (picture[index] as number));
  expect(off(change(whole.data as Float32Array), change(current))).toBeLessThan(1e-3);
});

test('with no iterations an octave gives the picture back', async () => {
  const whole = await engine.dream(planFor(model, shape, { iterations: 0 }), picture, notCancelled());
  expect(off(whole.data as Float32Array, picture)).toBeLessThan(1e-6);
});
