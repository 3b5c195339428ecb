// An engine of a built clone, and the time of its steps.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { loadAddon } from '../../dist/esm/binding/addon.js';
import { rewritesFor } from '../../dist/esm/plan/rewrites.js';
import { openRuntime } from '../../dist/esm/runtime/find/open.js';
import { root } from './models.mjs';

/** The mode of a Dreamer on the processor, with changes. */
export function modeOf({ xla = false, precision = 'float32', loop = 'native', ...rest } = {}) {
  return { xla, precision, loop, rewrites: rewritesFor({ device: 'CPU:0', xla, loop }), ...rest };
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function photograph(width, height) {
  const bytes = await sharp(path.join(root, 'docs/images/sample.jpg'))
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
  return Float32Array.from(bytes);
}

/** `stepTime(mode, steps, terms)`: milliseconds a step of a picture in one tile, the programs' building left out after the first. */
export async function startEngine({ file, spec, objective }, { width, height, precision = 'float32' }) {
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({
    device: 'CPU:0',
    programCacheBytes: 2 ** 31,
    queueLimit: 4,
    threads: 0,
    precision,
  });
  await engine.load(await addon.importModel({ graph: readFileSync(file), ...spec }, new addon.Cancellation()));
  const octave = { pictures: 1, width, height, rows: 1, columns: 1, tileWidth: width, tileHeight: height, batch: 1 };
  const picture = await photograph(width, height);
  const planOf = (mode, steps, terms = [objective]) => ({
    objectives: [terms],
    octaves: [octave],
    iterations: [steps],
    step: [1.5],
    jitter: true,
    seed: 1n,
    // What the reference does, no more.
    ...{ normalize: 'none', sigma: 1, keepRange: false },
    ...{ chroma: 1, limit: 255, keepColour: 'none', blend: 0, totalVariation: 0, l2: 0, tileable: false },
    mode,
    output: 'float32',
  });
  return {
    stepTime: async (mode, steps, terms) => {
      const { timings } = await engine.dream(planOf(mode, steps, terms), picture, new addon.Cancellation());
      return (timings.steps + timings.compile) / steps;
    },
    /** What a guide's part of a term is, the picture itself being the guide. */
    features: (mode, term) => engine.features(planOf(mode, 1, [term]), picture, new addon.Cancellation()),
    gradient: (mode) => engine.gradient(planOf(mode, 1), picture, new addon.Cancellation()),
    stop: () => engine.dispose(),
  };
}
