import type { NativeAddon, NativePlan } from '../../binding/native.js';
import { UNHELD } from '../../options/dream-options.js';

const SIDE = 8;

/** A frozen GraphDef in protobuf's text-like bytes: a float placeholder `x` and `y = Relu(x)`. */
const GRAPH = Buffer.from(
  '\x0a\x1d\x0a\x01x\x12\x0bPlaceholder*\x0b\x0a\x05dtype\x12\x02\x30\x01' +
    '\x0a\x15\x0a\x01y\x12\x04Relu\x1a\x01x*\x07\x0a\x01T\x12\x02\x30\x01',
  'latin1',
);

function planOf(xla: boolean): NativePlan {
  const octave = {
    pictures: 1,
    height: SIDE,
    width: SIDE,
    rows: 1,
    columns: 1,
    tileHeight: SIDE,
    tileWidth: SIDE,
    batch: 1,
  };
  return {
    objectives: [[{ layer: 'y', kind: 'layer', weight: 1, channels: [] }]],
    octaves: [octave],
    iterations: [1],
    step: [1],
    jitter: false,
    seed: 0n,
    normalize: 'none',
    sigma: 1,
    keepRange: false,
    ...UNHELD,
    mode: { xla, precision: 'float32', rewrites: [] },
    output: 'float32',
  };
}

/**
 * Computes a gradient through the smallest network there is, on a device: whether TensorFlow works here is tried, not
 * guessed. With XLA it is compiled by must-compile, so that it fails where XLA is not built in or cannot compile.
 * @param device such as `CPU:0`
 */
export async function probe(addon: NativeAddon, device: string, xla: boolean): Promise<void> {
  const engine = new addon.Engine({
    device,
    programCacheBytes: 2 ** 20,
    queueLimit: 1,
    threads: 0,
    precision: 'float32',
  });
  try {
    await engine.load(
      await addon.importModel(
        { graph: GRAPH, input: 'x', channelOrder: 'rgb', mean: [0, 0, 0], scale: 1 },
        new addon.Cancellation(),
      ),
    );
    const picture = new Float32Array(SIDE * SIDE * 3).fill(2);
    const { data } = await engine.gradient(planOf(xla), picture, new addon.Cancellation());
    // The mean of squares: d/dx = 2 x / n.
    const expected = 4 / picture.length;
    if (!data.every((value) => Math.abs(value - expected) < 1e-4 * expected)) {
      throw new Error(`the gradient is ${data[0]} and should be ${expected}`);
    }
  } finally {
    await engine.dispose();
  }
}
