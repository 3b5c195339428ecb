import { readFileSync } from 'node:fs';
import { loadAddon } from '../../lib/binding/addon.js';
import type {
  NativeCancellation,
  NativeEngine,
  NativeMode,
  NativePlan,
  NativePrecision,
  NativeTerm,
} from '../../lib/binding/native.js';
import { UNHELD } from '../../lib/options/dream-options.js';
import { octaveSizes } from '../../lib/plan/octaves.js';
import { rewritesFor } from '../../lib/plan/rewrites.js';
import { cutInTiles } from '../../lib/plan/tiles.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { NATIVE_DEVICE } from './device.js';
import type { TestModel } from './models.js';

/** A raw engine with the model loaded, for tests below the public API. */
export async function engineWith(
  model: TestModel,
  programCacheBytes = 512 * 2 ** 20,
  precision: NativePrecision = 'float32',
): Promise<NativeEngine> {
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({ device: NATIVE_DEVICE, programCacheBytes, queueLimit: 16, threads: 0, precision });
  await engine.load(await addon.importModel({ graph: readFileSync(model.file), ...model.spec }, notCancelled()));
  return engine;
}

export function notCancelled(): NativeCancellation {
  return new (loadAddon().Cancellation)();
}

export function modeOf(
  xla: boolean,
  precision: NativePrecision = 'float32',
  loop: 'native' | 'compiled' = 'native',
): NativeMode {
  return { xla, precision, loop, rewrites: rewritesFor({ device: NATIVE_DEVICE, xla, loop }) };
}

/** How a dream may run. */
export const WAYS: readonly (readonly [string, () => NativeMode])[] = [
  ['without XLA', () => modeOf(false)],
  ['with XLA', () => modeOf(true)],
  ['with XLA, the loop compiled', () => modeOf(true, 'float32', 'compiled')],
];

export interface PlanShape {
  readonly width: number;
  readonly height: number;
  readonly octaves?: number;
  readonly octaveScale?: number;
  readonly tileSize?: number;
}

/** A plan's values, with one for all octaves and pictures where the plan has lists. */
export interface PlanSettings extends Partial<Omit<NativePlan, 'objectives' | 'iterations' | 'step'>> {
  readonly objective?: readonly NativeTerm[];
  readonly iterations?: number;
  readonly step?: number;
}

/** A plan with a test's usual values: no jitter, floats out, and nothing but the gradient that moves the picture. */
export function planFor(model: TestModel, shape: PlanShape, settings: PlanSettings = {}): NativePlan {
  const { objective = [model.objective], iterations = 5, step = 1.5, ...rest } = settings;
  const { width, height, octaves = 3, octaveScale = 1.4, tileSize = 512 } = shape;
  const sizes = octaveSizes({ width, height }, octaves, octaveScale);
  return {
    objectives: [objective],
    octaves: sizes.map((size) => cutInTiles(size, { tileSize })),
    iterations: sizes.map(() => iterations),
    step: sizes.map(() => step),
    jitter: false,
    seed: 0n,
    normalize: 'none',
    sigma: 1,
    keepRange: false,
    ...UNHELD,
    mode: modeOf(false),
    output: 'float32',
    ...rest,
  };
}
