import { expect } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeMode, NativeTerm } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { uniform } from '../../tools/graphs/random.mjs';
import { NATIVE_DEVICE } from './device.js';
import { modeOf, notCancelled, planFor } from './engine.js';
import { madePicture } from './pictures.js';

/** Numerical derivatives of a layer's objective, by which gradients are judged. */

export const FLOAT = attribute.type(1);
export const CHANNELS = 8;
/** How far the picture is moved for the numerical derivative, in 0..255 at the strongest pixel. */
const STEP = 0.25;

export class Network extends GraphDef {
  #random = uniform(5);

  weights(name: string, shape: readonly number[]): string {
    const count = shape.reduce((product, size) => product * size, 1);
    const scale = Math.sqrt(12 / (count / (shape.at(-1) as number)));
    return this.constant(
      name,
      shape,
      Float32Array.from({ length: count }, () => (this.#random() - 0.5) * scale),
    );
  }

  convolution(input: string, attributes: Readonly<Record<string, Uint8Array>>, kernel = [3, 3]): string {
    const filter = this.weights('w', [...kernel, input === 'input' ? 3 : CHANNELS, CHANNELS]);
    return this.node('Conv2D', 'out', [input, filter], { T: FLOAT, ...attributes });
  }
}

export const padded = (
  rows: readonly [number, number],
  columns: readonly [number, number],
): Record<string, Uint8Array> => ({
  padding: attribute.text('EXPLICIT'),
  explicit_paddings: attribute.integers([0, 0, ...rows, ...columns, 0, 0]),
});
export const window = (size: number, stride: number): Record<string, Uint8Array> => ({
  T: FLOAT,
  ksize: attribute.integers([1, size, size, 1]),
  strides: attribute.integers([1, stride, stride, 1]),
});
export const strides = (stride: number): Record<string, Uint8Array> => ({
  strides: attribute.integers([1, stride, stride, 1]),
});
export const SAME = { padding: attribute.text('SAME') };
export const VALID = { padding: attribute.text('VALID') };

export interface Case {
  readonly width: number;
  readonly height: number;
  /** How the layer is climbed; left out by the mean of its squares. */
  readonly kind?: NativeTerm['kind'];
  /** What the convolution before it has; 8 if left out. */
  readonly channels?: number;
  /** Whether the operation sees the picture itself, and not a convolution of it. */
  readonly first?: boolean;
  readonly build: (network: Network, x: string) => void;
  /** Largest relative difference: kinks (Relu, MaxPool) bend a numerical derivative. */
  readonly within: number;
}

export interface Differentiable {
  at: (picture: Float32Array) => Promise<{ data: Float32Array; objective: number }>;
  dispose: () => Promise<void>;
}

/** The layer's mean of squares and its gradient, as the engine has them. */
export async function functionOf(each: Case, mode: NativeMode = modeOf(false)): Promise<Differentiable> {
  const network = new Network();
  const input = network.placeholder('input');
  const x = each.first
    ? input
    : network.conv2d(
        'before',
        input,
        network.weights('before/w', [3, 3, 3, each.channels ?? CHANNELS]),
        [1, 1],
        'same',
      );
  each.build(network, x);
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({
    device: NATIVE_DEVICE,
    programCacheBytes: 2 ** 28,
    queueLimit: 4,
    threads: 0,
    precision: 'float32',
  });
  const spec = { input: 'input', channelOrder: 'bgr', mean: [110, 120, 130], scale: 1 / 64 } as const;
  await engine.load(await addon.importModel({ graph: network.bytes(), ...spec }, notCancelled()));
  const model = {
    file: '',
    spec,
    objective: { layer: 'out', kind: each.kind ?? 'layer', weight: 3, channels: [] },
  } as const;
  const plan = planFor(model, { width: each.width, height: each.height, octaves: 1 }, { mode });
  return {
    at: (picture) => engine.gradient(plan, picture, notCancelled()),
    dispose: () => engine.dispose(),
  };
}

/** The gradient against the numerical derivative along itself, and along two random halves of it. */
export async function expectDerivative(each: Case, mode: NativeMode = modeOf(false)): Promise<void> {
  const { at, dispose } = await functionOf(each, mode);
  const picture = madePicture(each.width, each.height);
  const { data: gradient } = await at(picture);
  const random = uniform(9);
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0);
  for (const share of [1, 0.5, 0.5]) {
    const direction = gradient.map((value) => (random() < share ? value : 0));
    const length = STEP / largest;
    const along = (sign: number): Float32Array =>
      picture.map((value, i) => value + sign * length * (direction[i] ?? 0));
    const [above, below] = [await at(along(1)), await at(along(-1))];
    const numerical = (above.objective - below.objective) / (2 * length);
    const expected = gradient.reduce((sum, value, i) => sum + value * (direction[i] ?? 0), 0);
    expect(Math.abs(numerical - expected) / expected).toBeLessThan(each.within);
  }
  await dispose();
}
