// Whether a GPU would run everything itself, asked of TensorFlow's CUDA build, which loads without one. Skipped by name where that
// is not here: test/support/cuda.ts.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeKernelFinding, NativeMode, NativeRewrite } from '../../lib/binding/native.js';
import { checkKernels, falls } from '../../lib/kernel-check.js';
import type { ModelInput } from '../../lib/model/source.js';
import { rewritesFor } from '../../lib/plan/rewrites.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { probe } from '../../lib/runtime/find/probe.js';
import { cudaBuild } from '../support/cuda.js';
import { notCancelled, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { OPERATIONS } from '../support/operations/all.js';
import { type Build, graphOf } from '../support/operations/scene.js';
import { hasShared, SHARED } from '../support/pictures.js';

const SIZE = { width: 18, height: 12, octaves: 1 };
const SPEC = { input: 'input', channelOrder: 'bgr', mean: [110, 120, 130], scale: 1 / 64 } as const;
const MODEL = { file: '', spec: SPEC, objective: { layer: 'out', kind: 'layer', weight: 1, channels: [] } } as const;

/**
 * What TensorFlow 2.21 has no kernel of, or one that keeps numbers on the host, by whether XLA is to compile it: nothing that an
 * ordinary network has. docs/gpu.md
 */
const WITHOUT: Readonly<Record<'ordinary' | 'xla', readonly string[]>> = {
  ordinary: [
    'FakeQuantWithMinMaxVars : min, max',
    'FakeQuantWithMinMaxVarsGradient : min, max',
    'FakeQuantWithMinMaxVarsPerChannel : min, max',
    'FakeQuantWithMinMaxVarsPerChannelGradient : min, max',
    'LinSpace T float32, Tidx int32: start, stop, output',
    // In the gradient of Prod: of axes, not of pixels.
    'ListDiff T int32, out_idx int32: no kernel',
    'PadV2 T float32, Tpaddings int32: constant_values',
    'QuantizeAndDequantizeV2 T float32: input_min, input_max',
    'QuantizeAndDequantizeV3 T float32: input_min, input_max',
    'ResizeBicubic T float32: no kernel',
    'ResizeBicubicGrad T float32: no kernel',
    'TruncateDiv T int32: no kernel',
  ],
  xla: [
    'BesselI0 T float32',
    'BesselI1 T float32',
    'CropAndResize T float32',
    'CropAndResizeGradBoxes T float32',
    'CropAndResizeGradImage T float32',
    'Dilation2D T float32',
    'Dilation2DBackpropFilter T float32',
    'Dilation2DBackpropInput T float32',
    'ResizeBicubic T float32',
    'ResizeBicubicGrad T float32',
  ].map((name) => `${name}: no kernel`),
};

function describeFinding({ operation, types, compiled, gpu, floatsOnHost }: NativeKernelFinding): string {
  return `${operation} ${types}: ${gpu && !compiled ? floatsOnHost.join(', ') : 'no kernel'}`;
}

async function findingsOf(build: Build, mode: Omit<NativeMode, 'rewrites'>): Promise<readonly NativeKernelFinding[]> {
  const model = await loadAddon().importModel({ graph: graphOf(build), ...SPEC }, notCancelled());
  const rewrites = rewritesFor({ ...mode, device: 'GPU:0' });
  return model.findKernels(planFor(MODEL, SIZE, { mode: { ...mode, rewrites } }), notCancelled());
}

describe.skipIf(!cudaBuild)("TensorFlow's CUDA build", () => {
  beforeAll(async () => {
    vi.stubEnv('LIVEDREAM_TENSORFLOW', cudaBuild);
    await openRuntime();
    await probe(loadAddon(), 'CPU:0', true);
  });

  const small = smallModel();
  const NETWORKS: readonly (readonly [string, ModelInput | undefined])[] = [
    ["the package's network", undefined],
    ['a small network with LRN', { graph: small.file, input: 'input', preprocessing: { mean: 117 } }],
    ...(hasShared
      ? (['squeezenet_v1.1.pb', 'inception_v3_2015.pb'].map((name) => [name, path.join(SHARED, 'models', name)]) as [
          string,
          string,
        ][])
      : []),
  ];

  test.each(NETWORKS)('has a kernel for every operation of %s, in every mode and precision', async (_name, model) => {
    const { ways } = await checkKernels(model);
    expect(ways).toHaveLength(9);
    for (const { falling, ...way } of ways) expect({ ...way, falling }).toEqual({ ...way, falling: [] });
    for (const { programs, operations } of ways) {
      expect(programs).toBeGreaterThan(10);
      expect(operations).toBeGreaterThan(30);
    }
  });

  test.each([
    ['ordinary kernels', 'ordinary'],
    ['XLA', 'xla'],
  ] as const)(
    'has what models may run, in every precision, but for a few: %s',
    { timeout: 600_000 },
    async (_name, kind) => {
      const without = new Set<string>();
      for (const [, { build }] of OPERATIONS) {
        for (const precision of ['float32', 'bfloat16', 'float16'] as const) {
          const found = await findingsOf(build, { xla: kind === 'xla', precision }).catch(
            (error: { code?: string }) => {
              if (error.code !== 'ERR_LIVEDREAM_NOT_DIFFERENTIABLE') throw error;
              return [];
            },
          );
          for (const each of found.filter(falls)) without.add(describeFinding(each));
        }
      }
      expect([...without].sort()).toEqual(WITHOUT[kind]);
    },
  );

  test('lacks our own operations, which are for processors: the check would find them in a program for GPUs', async () => {
    const { file, spec } = small;
    const model = await loadAddon().importModel({ graph: readFileSync(file), ...spec }, notCancelled());
    const fallingWith = async (rewrites: readonly NativeRewrite[]): Promise<string[]> => {
      const plan = planFor(
        small,
        { ...SIZE, width: 64, height: 64 },
        { mode: { xla: false, precision: 'float32', rewrites } },
      );
      const falling = (await model.findKernels(plan, notCancelled())).filter(falls);
      return [...new Set(falling.map(({ operation }) => operation))].sort();
    };
    expect(await fallingWith(rewritesFor({ device: 'GPU:0', xla: false }))).toEqual([]);
    expect(await fallingWith(['maxPoolKernel', 'responseKernel', 'maskedSum'])).toEqual([
      'LivedreamMaskedSum',
      'LivedreamMaxPool',
      'LivedreamMaxPoolGradient',
      'LivedreamResponse',
      'LivedreamResponseGradient',
    ]);
  });

  test('counts every program, of the compiled loop the functions within it too', async () => {
    const { file, spec } = small;
    const model = await loadAddon().importModel({ graph: readFileSync(file), ...spec }, notCancelled());
    const mode = { xla: true, precision: 'float32', loop: 'compiled', rewrites: [] } as const;
    const shape = { width: 96, height: 96, octaves: 1, tileSize: 48 };
    const found = await model.findKernels(planFor(small, shape, { mode, iterations: 3 }), notCancelled());
    const operationsOf = (program: RegExp): string[] =>
      found.filter((each) => program.test(each.program)).map(({ operation }) => operation);
    expect(operationsOf(/^3 steps of a picture of 96 x 96 pixels/)).toEqual(
      expect.arrayContaining([
        'StatelessWhile',
        'Less',
        'Conv2DBackpropInput',
        'LRNGrad',
        'Roll',
        'XlaDynamicUpdateSlice',
      ]),
    );
    expect(operationsOf(/^the update of a picture/)).toContain('Roll');
    expect(operationsOf(/^the update of a picture/)).not.toContain('Conv2D');
    expect(operationsOf(/^pictures between the programs/)).toEqual(
      expect.arrayContaining(['Cast', 'ResizeBilinear', 'Sub', 'AddV2', 'DeepCopy', 'ClipByValue', 'Round']),
    );
  });
});
