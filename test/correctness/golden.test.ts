import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine } from '../../lib/binding/native.js';
import { measureAgreement } from '../support/agreement.js';
import { engineWith, WAYS } from '../support/engine.js';
import { goldenRequest, ingredientsOf, readGolden, writeGolden } from '../support/golden.js';
import { meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference, referenceDream } from '../support/reference.js';

// The committed results of the Python reference, so that the engine is compared with TensorFlow Python everywhere.
// Made again with: LIVEDREAM_WRITE_GOLDEN=1 npx vitest run test/correctness/golden.test.ts && npm run format
const request = goldenRequest();
if (process.env['LIVEDREAM_WRITE_GOLDEN'] && hasReference) writeGolden(request, await referenceDream(request));

describe('golden results of the small generated network', () => {
  const { ingredients, dream } = readGolden(request);
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await engineWith(request.model);
  });
  afterAll(async () => engine?.dispose());

  test('were made from the graph and the picture that are made today', () => {
    expect(ingredientsOf(request)).toEqual(ingredients);
  });

  for (const [way, modeOf] of WAYS) {
    test(`the engine agrees with them ${way}`, async () => {
      const agreement = await measureAgreement(engine, request, dream, modeOf());
      const worst = Math.max(...agreement.steps);
      console.info(`golden, ${way}: ${JSON.stringify({ ...agreement, steps: worst })}`);
      expect(agreement.gradient, 'first gradient').toBeLessThanOrEqual(1e-4);
      expect(agreement.steps).toHaveLength(15);
      expect(worst, 'worst of the 15 restarted steps').toBeLessThanOrEqual(1e-3);
      expect(agreement.end, "end, in units of the reference's sensitivity").toBeLessThanOrEqual(1.5);
      expect(agreement.objective, 'objective reached').toBeLessThanOrEqual(0.02);
    });
  }

  test.skipIf(!hasReference)('the Python reference still gives them', async () => {
    const fresh = await referenceDream(request);
    const gradient = dream.picture('gradient');
    const apart = meanDifference(fresh.picture('gradient'), gradient) / meanMagnitude(gradient);
    expect(apart, 'first gradient').toBeLessThanOrEqual(1e-4);
    const end = meanDifference(fresh.picture('end'), dream.picture('end')) / dream.sensitivity;
    expect(end, 'end, in units of its sensitivity').toBeLessThanOrEqual(1.5);
    const objective = Math.abs(fresh.endObjective / dream.endObjective - 1);
    expect(objective, 'objective reached').toBeLessThanOrEqual(0.02);
  });
});
