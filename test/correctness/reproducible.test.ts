import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine, NativePlan } from '../../lib/binding/native.js';
import { bytesOf, dreamInAnotherProcess } from '../support/another-process.js';
import { engineWith, notCancelled, planFor, WAYS } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture } from '../support/pictures.js';

const SIZE = { width: 150, height: 101, tileSize: 64 };
const SEED = 2n ** 63n + 7n; // beyond what a double or a signed integer holds
const picture = madePicture(SIZE.width, SIZE.height);

const sha256 = (data: Uint8Array | Float32Array): string => createHash('sha256').update(bytesOf(data)).digest('hex');

describe('a dream in jittered tiles', () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await engineWith(smallModel());
  });
  afterAll(async () => engine?.dispose());

  async function dream(plan: NativePlan): Promise<string> {
    return sha256((await engine.dream(plan, picture, notCancelled())).data);
  }

  for (const [way, modeOf] of WAYS) {
    describe(way, () => {
      const plan = planFor(smallModel(), SIZE, { jitter: true, seed: SEED, mode: modeOf() });

      test('has the same bytes for the same seed, twice in a row and in another process', async () => {
        const first = await dream(plan);
        expect(await dream(plan)).toBe(first);
        expect((await dreamInAnotherProcess(plan, picture)).sha256).toBe(first);
      });

      test('has other bytes for another seed, whichever half of its bits differs', async () => {
        const first = await dream(plan);
        expect(await dream({ ...plan, seed: SEED + 1n })).not.toBe(first);
        expect(await dream({ ...plan, seed: SEED - 2n ** 40n })).not.toBe(first);
      });
    });
  }
});
