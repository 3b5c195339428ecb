// SavedModels as people export them today: real Keras applications, against tf.GradientTape through the same files.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference, readFloats, referencePython } from '../support/reference.js';

const run = promisify(execFile);
const SIDE = 96;
const script = path.join(packageRoot, 'tools/reference/saved_models.py');

interface Exported {
  readonly folder: string;
  readonly gradient: Float32Array;
  /** Computed in float64. */
  readonly exact: Float32Array;
  readonly objective: number;
}

/** Made once for the same script: TensorFlow takes ten seconds and more for each. */
async function exported(name: string): Promise<Exported> {
  const hash = createHash('sha256')
    .update(await readFile(script))
    .digest('hex')
    .slice(0, 16);
  const made = path.join(packageRoot, '.cache/saved-models', `${name}-${hash}`);
  if (!existsSync(made)) {
    const temporary = `${made}.${process.pid}`;
    await mkdir(temporary, { recursive: true });
    const picture = madePicture(SIDE, SIDE);
    const file = path.join(temporary, 'picture.f32');
    await writeFile(file, new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength));
    await run(referencePython, [script, name, temporary, file, String(SIDE)], { maxBuffer: 2 ** 24 });
    await rm(made, { recursive: true, force: true });
    await rename(temporary, made);
  }
  const { objective } = JSON.parse(await readFile(path.join(made, `${name}.json`), 'utf8')) as { objective: number };
  const [gradient, exact] = [
    await readFloats(path.join(made, `${name}.f32`)),
    await readFloats(path.join(made, `${name}-double.f32`)),
  ];
  return { folder: path.join(made, name), gradient, exact, objective };
}

function difference(gradient: Float32Array, reference: Float32Array): number {
  return meanDifference(gradient, reference) / meanMagnitude(reference);
}

const picture = { data: madePicture(SIDE, SIDE), width: SIDE, height: SIDE, channels: 3 } as const;

// A layer of each that Keras's own summary shows, with its channels and stride.
const NETWORKS = {
  InceptionV3: { layer: 'mixed5_1/concat', channels: 768, stride: 16, prepares: false },
  MobileNetV2: { layer: 'block_6_expand_1/convolution', channels: 192, stride: 8, prepares: false },
  EfficientNetV2B0: { layer: 'top_conv_1/convolution', channels: 1280, stride: 32, prepares: true },
  ResNet50: { layer: 'conv4_block1_out_1/Relu', channels: 1024, stride: 16, prepares: false },
  ConvNeXtTiny: {
    layer: 'convnext_tiny_stage_2_block_8_depthwise_conv_1/BiasAdd',
    channels: 384,
    stride: 16,
    prepares: true,
  },
} as const;

describe.skipIf(!hasReference)('a Keras application, exported (Python)', () => {
  test.each(Object.entries(NETWORKS))('%s has the gradients that TensorFlow gives', async (name, expected) => {
    const reference = await exported(name);
    for (const [xla, within] of name === 'MobileNetV2'
      ? ([
          [false, 1e-5],
          [true, 1e-3],
        ] as const)
      : ([[false, 1e-5]] as const)) {
      const model = { graph: reference.folder, preprocessing: { mean: 0, scale: 1 } };
      const dreamer = await Dreamer.load({ model, device: 'cpu', xla });
      const output = dreamer.layers().at(-1)?.name as string;
      const { data, objective } = await dreamer.gradient(picture, { layer: output });
      const off = difference(data, reference.gradient);
      const offExact = difference(data, reference.exact);
      const theirs = difference(reference.gradient, reference.exact);
      console.log(
        `${name}, xla ${xla}: gradient off by ${off.toExponential(1)}, from float64's by ${offExact.toExponential(1)}, ` +
          `TensorFlow's by ${theirs.toExponential(1)}`,
      );
      // Where rounding decides on which side of a Relu's zero a value lies, TensorFlow's own float32 is 3e-4 from float64.
      expect(Math.min(off, offExact)).toBeLessThan(within);
      expect(Math.abs(objective / reference.objective - 1)).toBeLessThan(within);
      // The first convolution: behind it the gradients of random weights all but vanish.
      const layer = dreamer.layers().find(({ op }) => op === 'Conv2D')?.name as string;
      const { objectives } = await dreamer.dream(picture, { layer, octaves: 1, iterations: 3, jitter: false });
      expect(objectives[2]).toBeGreaterThan(objectives[0] as number);
      await dreamer.dispose();
    }
    const dreamer = await Dreamer.load({ model: reference.folder, device: 'cpu' });
    expect(dreamer.input).toMatchObject({ name: 'serving_default_keras_tensor', type: 'float32', layout: 'NHWC' });
    expect(dreamer.input.mean).toEqual(expected.prepares ? [0, 0, 0] : [127.5, 127.5, 127.5]);
    const found = dreamer.layers().find((layer) => layer.name.endsWith(expected.layer));
    expect(found?.channels).toBe(expected.channels);
    expect((await dreamer.layer(found?.name as string)).stride).toBe(expected.stride);
    await dreamer.dispose();
  });
});
