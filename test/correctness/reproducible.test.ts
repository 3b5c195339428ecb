import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addonPath } from '../../lib/binding/addon.js';
import type { NativeEngine, NativePlan } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { engineWith, notCancelled, planFor, WAYS } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture } from '../support/pictures.js';

const run = promisify(execFile);
const child = path.join(import.meta.dirname, '../support/dream-in-child.mjs');
const SIZE = { width: 150, height: 101, tileSize: 64 };
const SEED = 2n ** 63n + 7n; // beyond what a double or a signed integer holds
const picture = madePicture(SIZE.width, SIZE.height);

function bytesOf(data: Uint8Array | Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const sha256 = (data: Uint8Array | Float32Array): string => createHash('sha256').update(bytesOf(data)).digest('hex');

async function dreamInAnotherProcess(plan: NativePlan): Promise<string> {
  const { runtime } = await openRuntime();
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-test-'));
  try {
    const { file, spec } = smallModel();
    const { framework, library } = runtime;
    const request = {
      ...{ addon: addonPath(), framework, library },
      ...{ spec: { ...spec, graph: file }, plan: { ...plan, seed: String(plan.seed) } },
      picture: path.join(folder, 'picture.f32'),
    };
    await writeFile(request.picture, bytesOf(picture));
    await writeFile(path.join(folder, 'request.json'), JSON.stringify(request));
    return (await run(process.execPath, [child, path.join(folder, 'request.json')])).stdout.trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

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
        expect(await dreamInAnotherProcess(plan)).toBe(first);
      });

      test('has other bytes for another seed, whichever half of its bits differs', async () => {
        const first = await dream(plan);
        expect(await dream({ ...plan, seed: SEED + 1n })).not.toBe(first);
        expect(await dream({ ...plan, seed: SEED - 2n ** 40n })).not.toBe(first);
      });
    });
  }
});
