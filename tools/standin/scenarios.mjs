// What is done once for every call that fails: each loads a model, works with it and disposes of it.
import { randomNetwork } from '../graphs/random-network.mjs';

const WIDTH = 40;
const HEIGHT = 32;

/** Of each kind of layer that has a kernel of livedream's own, and of some that have none. */
const GRAPH = randomNetwork({
  ops: [
    { op: 'input', name: 'input' },
    { op: 'conv2d', name: 'conv', input: 'input', filter: 'conv_w', strides: [1, 1], pad: 'same' },
    { op: 'biasAdd', name: 'bias', input: 'conv', bias: 'conv_b' },
    { op: 'relu', name: 'relu', input: 'bias' },
    { op: 'maxPool', name: 'pool', input: 'relu', ksize: [3, 3], strides: [2, 2], pad: 'same' },
    { op: 'lrn', name: 'norm', input: 'pool', depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.5 },
  ],
  weights: { conv_w: { shape: [3, 3, 3, 8] }, conv_b: { shape: [8] } },
});
const MODEL = { graph: GRAPH, defaultLayer: 'norm', preprocessing: { mean: 0, scale: 1 / 255 } };
const SHORT = { octaves: 2, iterations: 2 };

function picture() {
  return { data: new Uint8Array(WIDTH * HEIGHT * 3).fill(90), width: WIDTH, height: HEIGHT, channels: 3 };
}

/** What failed once goes well the next time, if that is asked. */
async function tried(work, again) {
  try {
    await work();
  } catch (error) {
    if (again) {
      await work().catch((cause) => {
        throw new Error(`and again: ${cause.message}`, { cause });
      });
    }
    throw error;
  }
}

function of(work, load = {}) {
  return async (Dreamer, { again }) => {
    const dreamer = await Dreamer.load({ model: MODEL, device: 'cpu', xla: false, ...load });
    try {
      await tried(() => work(dreamer), again);
    } finally {
      await dreamer.dispose();
    }
  };
}

function smaller() {
  return { data: new Uint8Array(24 * 24 * 3).fill(90), width: 24, height: 24, channels: 3 };
}

export const SCENARIOS = {
  dream: of((dreamer) => dreamer.dream(picture(), SHORT)),
  tiles: of((dreamer) => dreamer.dream(picture(), { ...SHORT, tileSize: 32 })),
  held: of((dreamer) =>
    dreamer.dream(picture(), { ...SHORT, normalize: 'smooth', chroma: 0.5, limit: 20, totalVariation: 0.1, l2: 0.1 }),
  ),
  wrapped: of((dreamer) => dreamer.dream(picture(), { ...SHORT, normalize: 'laplacian', tileable: true })),
  compiled: of((dreamer) => dreamer.dream(picture(), SHORT), { xla: true }),
  compiledLoop: of((dreamer) => dreamer.dream(picture(), { ...SHORT, tileSize: 32 }), { xla: true, loop: 'compiled' }),
  half: of((dreamer) => dreamer.dream(smaller(), { octaves: 1, iterations: 1 }), { precision: 'bfloat16' }),
  layers: of(async (dreamer) => {
    await dreamer.allLayers();
    await dreamer.operations({ width: WIDTH, height: HEIGHT });
    await dreamer.gradient(picture(), {});
    await dreamer.responses('norm', picture());
    await dreamer.profile(picture(), { octaves: 1, iterations: 1 });
  }),
  several: of(async (dreamer) => {
    const options = { ...SHORT, batch: 2 };
    for await (const each of dreamer.variations(picture(), [{ channels: [1] }, { channels: [2] }], options)) void each;
  }),
  stream: of(async (dreamer) => {
    for await (const each of dreamer.stream([picture(), picture()], { octaves: 1, iterations: 1 })) void each;
  }),
};
