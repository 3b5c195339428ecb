import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine } from '../../lib/binding/native.js';
import { type Agreement, measureAgreement } from '../support/agreement.js';
import { engineWith, type PlanShape, WAYS } from '../support/engine.js';
import { inception5hModel, inceptionV3Model, smallModel, squeezenetModel, type TestModel } from '../support/models.js';
import { hasShared, madePicture, samplePicture } from '../support/pictures.js';
import { hasReference, type ReferenceRequest, referenceDream } from '../support/reference.js';

interface Case {
  readonly name: string;
  readonly model: () => TestModel;
  readonly shape: PlanShape;
  readonly shared: boolean;
  readonly picture: (width: number, height: number) => Float32Array | Promise<Float32Array>;
  readonly update?: NonNullable<ReferenceRequest['update']>;
}

/** One unit at a tie or an edge moves a step of 224 x 160 pixels by up to 1.9e-3, of these by up to 1.1e-3 (docs/algorithm.md). */
const INCEPTION_SIZE = { width: 320, height: 240 } as const;

const CASES: readonly Case[] = [
  {
    name: 'SqueezeNet, whole layer, BGR (../shared)',
    model: squeezenetModel,
    shape: { width: 160, height: 120 },
    shared: true,
    picture: samplePicture,
  },
  // Objectives that TensorFlow's own dream reaches again, within 0.4 %, when 1e-4 is added to the picture. Of channels 20 and 300
  // of mixed_3/join it ends 3.8 % away, so no other implementation can be held to 2 % there (docs/algorithm.md).
  {
    name: 'Inception v3, whole layer (../shared)',
    model: () => inceptionV3Model('mixed_3/join', []),
    shape: INCEPTION_SIZE,
    shared: true,
    // The sample's flat areas tie in max-pooling, which moves XLA's gradient of a whole layer by 1.6e-4.
    picture: madePicture,
  },
  {
    name: 'Inception v3, channels (../shared)',
    model: () => inceptionV3Model('mixed_1/join', [20, 200, 60, 100, 140, 180, 220, 260]),
    shape: INCEPTION_SIZE,
    shared: true,
    picture: madePicture,
  },
  {
    // Without flat areas: equal neighbours tie in max-pooling, and which of them wins with XLA is a matter of the last bit. On
    // a trained network that moves the gradient by 1e-6, on one of random weights by 1e-3 (docs/algorithm.md).
    name: "inception5h's structure (../shared)",
    model: inception5hModel,
    shape: { width: 96, height: 72 },
    shared: true,
    picture: madePicture,
  },
  {
    name: 'the small generated network',
    model: smallModel,
    shape: { width: 96, height: 64 },
    shared: false,
    picture: samplePicture,
  },
  {
    name: 'the small generated network in tiles',
    model: smallModel,
    shape: { width: 101, height: 70, tileSize: 32 },
    shared: false,
    picture: samplePicture,
  },
  {
    name: 'SqueezeNet, Laplacian-normalised, kept in range (../shared)',
    model: squeezenetModel,
    shape: { width: 160, height: 120 },
    shared: true,
    picture: samplePicture,
    update: { normalize: 'laplacian', sigma: 1, keepRange: true },
  },
  {
    name: 'the small generated network in tiles, Laplacian-normalised',
    model: smallModel,
    shape: { width: 101, height: 70, tileSize: 32 },
    shared: false,
    picture: samplePicture,
    update: { normalize: 'laplacian', sigma: 1, keepRange: false },
  },
  {
    name: 'the small generated network in tiles, smoothed and kept in range',
    model: smallModel,
    shape: { width: 101, height: 70, tileSize: 32 },
    shared: false,
    picture: samplePicture,
    update: { normalize: 'smooth', sigma: 1.3, keepRange: true },
  },
  {
    name: 'the small generated network in tiles, its colours moved three times as far, Laplacian-normalised',
    model: smallModel,
    shape: { width: 101, height: 70, tileSize: 32 },
    shared: false,
    picture: samplePicture,
    update: { normalize: 'laplacian', sigma: 1, chroma: 3, keepRange: true },
  },
];

async function requestFor({ model, shape, picture, update }: Case): Promise<ReferenceRequest> {
  const full = { octaves: 3, octaveScale: 1.4, tileSize: 512, ...shape };
  const pixels = await picture(shape.width, shape.height);
  return { model: model(), picture: pixels, shape: full, iterations: 5, step: 1.5, ...(update ? { update } : {}) };
}

for (const each of CASES) {
  describe.skipIf(!hasReference || (each.shared && !hasShared))(
    `agreement with TensorFlow Python: ${each.name}`,
    () => {
      let engine: NativeEngine;
      let request: ReferenceRequest;

      beforeAll(async () => {
        request = await requestFor(each);
        engine = await engineWith(request.model);
      });
      afterAll(async () => engine?.dispose());

      for (const [way, modeOf] of WAYS) {
        test(way, async () => {
          const agreement: Agreement = await measureAgreement(engine, request, await referenceDream(request), modeOf());
          const worst = Math.max(...agreement.steps);
          console.info(`${each.name}, ${way}: ${JSON.stringify({ ...agreement, steps: worst })}`);
          expect(agreement.gradient, 'first gradient').toBeLessThanOrEqual(1e-4);
          expect(agreement.steps[0], 'the gradient as it moves the picture').toBeLessThanOrEqual(1e-4);
          expect(agreement.steps).toHaveLength(15);
          expect(worst, 'worst of the 15 restarted steps').toBeLessThanOrEqual(1e-3);
          expect(agreement.end, "end, in units of the reference's sensitivity").toBeLessThanOrEqual(1.5);
          expect(agreement.objective, 'objective reached').toBeLessThanOrEqual(0.02);
        });
      }
    },
  );
}
