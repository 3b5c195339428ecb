import { readFileSync } from 'node:fs';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeCancellation, NativeEngine, NativeMode, NativePlan } from '../../lib/binding/native.js';
import { octaveSizes } from '../../lib/plan/octaves.js';
import { cutInTiles } from '../../lib/plan/tiles.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import type { TestModel } from './models.js';

/** A raw engine with the model loaded, for tests below the public API. */
export async function engineWith(model: TestModel, programCacheBytes = 512 * 2 ** 20): Promise<NativeEngine> {
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({ device: 'CPU:0', programCacheBytes, queueLimit: 16, threads: 0 });
  await engine.load(await addon.importModel({ graph: readFileSync(model.file), ...model.spec }, notCancelled()));
  return engine;
}

export function notCancelled(): NativeCancellation {
  return new (loadAddon().Cancellation)();
}

export function modeOf(xla: boolean): NativeMode {
  return { xla, stridedRewrite: true };
}

export interface PlanShape {
  readonly width: number;
  readonly height: number;
  readonly octaves?: number;
  readonly octaveScale?: number;
  readonly tileSize?: number;
}

/** A plan with a test's usual values: no jitter, floats out. */
export function planFor(model: TestModel, shape: PlanShape, rest: Partial<NativePlan> = {}): NativePlan {
  const { width, height, octaves = 3, octaveScale = 1.4, tileSize = 512 } = shape;
  const sizes = octaveSizes({ width, height }, octaves, octaveScale);
  return {
    objective: [model.objective],
    octaves: sizes.map((size) => cutInTiles(size, tileSize)),
    iterations: 5,
    step: 1.5,
    jitter: false,
    seed: 0n,
    mode: modeOf(false),
    output: 'float32',
    ...rest,
  };
}
