import { takesBatches } from './batch/takes-batches.js';
import { loadAddon } from './binding/addon.js';
import { fromNative } from './binding/errors.js';
import type { NativeKernelFinding, NativeMode, NativeModel, NativePlan, NativeTerm } from './binding/native.js';
import { LiveDreamError } from './errors.js';
import { type ModelInput, openModel } from './model/source.js';
import { UNHELD } from './options/dream-options.js';
import { rewritesFor } from './plan/rewrites.js';
import { cutInTiles } from './plan/tiles.js';
import { cancellable, importedModel } from './resident-model.js';
import { openRuntime } from './runtime/find/open.js';
import { probe } from './runtime/find/probe.js';
import type { Runtime } from './runtime/runtime.js';

/** An operation that a GPU would not run, and where it is. */
export interface FallingOperation {
  /** TensorFlow's name, such as `ResizeBicubic`. */
  readonly operation: string;
  /** Such as `T float32`. */
  readonly types: string;
  /** Arguments that the GPU's kernel keeps on the host; empty where there is no kernel at all. */
  readonly floatsOnHost: readonly string[];
  /** The programs that have it. */
  readonly programs: readonly string[];
}

/** One way of dreaming on a GPU. */
export interface KernelWay {
  readonly xla: boolean;
  readonly loop: 'native' | 'compiled';
  readonly precision: NativeMode['precision'];
  readonly programs: number;
  /** Different ones, by name and types. */
  readonly operations: number;
  /** What would run on the host; with XLA what it could not compile. Empty where all is well. */
  readonly falling: readonly FallingOperation[];
}

export interface KernelReport {
  readonly runtime: Runtime;
  readonly model: string;
  readonly layers: readonly string[];
  readonly ways: readonly KernelWay[];
}

const PRECISIONS = ['float32', 'bfloat16', 'float16'] as const;
const WAYS = PRECISIONS.flatMap((precision) => [
  { xla: false, loop: 'native', precision } as const,
  { xla: true, loop: 'native', precision } as const,
  { xla: true, loop: 'compiled', precision } as const,
]);
const LEAST_SIDE = 64;

/** On every layer a term of every kind: a sum has the operations of all. */
function termsOn(layers: readonly string[]): NativeTerm[] {
  const kinds = ['channels', 'layer', 'evenPositions', 'evenChannels'] as const;
  return layers.flatMap((layer) =>
    kinds.map((kind) => ({
      ...{ layer, kind, weight: 1 },
      channels: kind === 'channels' ? [{ channel: 0, weight: 1 }] : [],
    })),
  );
}

/** Plans that have all that plans can have: one tile and several, one picture and two, every way to move them. */
function plansOf(terms: readonly NativeTerm[], side: number, mode: NativeMode, batches: boolean): NativePlan[] {
  const whole = cutInTiles({ width: side, height: side }, { tileSize: side });
  const tiled = cutInTiles({ width: 2 * side, height: 2 * side }, { tileSize: side });
  const plan = (
    normalize: NativePlan['normalize'],
    octaves: NativePlan['octaves'],
    { pictures = 1, held = UNHELD } = {},
  ): NativePlan => ({
    objectives: Array.from({ length: pictures }, () => terms),
    octaves,
    iterations: octaves.map(() => 2),
    step: octaves.map(() => 1),
    ...{ jitter: true, seed: 0n, normalize, sigma: 1, keepRange: true, mode, output: 'uint8' },
    ...held,
  });
  const two = cutInTiles({ width: side, height: side }, { tileSize: side, pictures: 2 });
  const wrapping = cutInTiles({ width: side, height: side }, { tileSize: side, margin: 16 });
  const { limit, ...rest } = UNHELD;
  const all = { ...rest, limit: limit / 2, chroma: 2, totalVariation: 1, l2: 1, tileable: true };
  return [
    plan('none', [whole, tiled]),
    plan('laplacian', [whole, tiled]),
    plan('smooth', [whole, tiled]),
    { ...plan('laplacian', [wrapping], { held: all }), mask: new Uint8Array(side * side).fill(255) },
    ...(batches ? [plan('none', [two], { pictures: 2 })] : []),
  ];
}

/** Whether a GPU would not run it, in the way that it is asked to. */
export const falls = ({ compiled, gpu, xlaGpu, floatsOnHost }: NativeKernelFinding): boolean =>
  compiled ? !xlaGpu : !gpu || floatsOnHost.length > 0;

function summary(way: (typeof WAYS)[number], findings: readonly NativeKernelFinding[]): KernelWay {
  const nameOf = ({ operation, types }: NativeKernelFinding): string => `${operation} ${types}`;
  const falling = new Map<string, FallingOperation & { programs: string[] }>();
  for (const finding of findings.filter(falls)) {
    const { operation, types, gpu, compiled } = finding;
    const known = falling.get(nameOf(finding));
    const floatsOnHost = gpu && !compiled ? finding.floatsOnHost : [];
    if (known) known.programs.push(finding.program);
    else falling.set(nameOf(finding), { operation, types, floatsOnHost, programs: [finding.program] });
  }
  return {
    ...way,
    programs: new Set(findings.map(({ program }) => program)).size,
    operations: new Set(findings.map(nameOf)).size,
    falling: [...falling.values()],
  };
}

function noGpuBuild({ library }: Runtime): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
    `'${library}' is a build of TensorFlow without kernels for GPUs, so that there are none to ask about.`,
    { repair: 'Install the CUDA build, which needs no GPU to be asked: `npx livedream install --gpu`.' },
  );
}

/** What the network's layers are, as far as they are dreamed by name: those of filters, and the deepest. */
function layersOf(native: NativeModel, named: readonly string[]): string[] {
  const deepest = native.layers[native.layers.length - 1]?.name;
  return [...new Set([...named, ...(deepest === undefined ? [] : [deepest])])];
}

/**
 * Asks this build of TensorFlow which operations of a model's programs have kernels for GPUs, in every way of dreaming on one;
 * no GPU is needed, and nothing is run.
 * @throws LiveDreamError ERR_LIVEDREAM_DEVICE_UNAVAILABLE where this is no build for GPUs; what Dreamer.load rejects with
 */
export async function checkKernels(input?: ModelInput, signal?: AbortSignal): Promise<KernelReport> {
  const source = await openModel(input);
  const addon = loadAddon();
  const { runtime } = await openRuntime();
  try {
    // XLA's kernels are registered when it first compiles something.
    await probe(addon, 'CPU:0', true);
    const model = await importedModel(source, addon, signal);
    model.releaseWeights();
    const named = Object.values(source.description.filters ?? {}).map(({ layer }) => layer);
    const layers = layersOf(model, named);
    const known = await Promise.all(layers.map((layer) => model.layer(layer)));
    const side = Math.max(LEAST_SIDE, ...known.map(({ leastSize, stride }) => Math.max(leastSize, stride)));
    const ways: KernelWay[] = [];
    for (const way of WAYS) {
      const mode: NativeMode = { ...way, rewrites: rewritesFor({ ...way, device: 'GPU:0' }) };
      const findings: NativeKernelFinding[] = [];
      for (const plan of plansOf(termsOn(layers), side, mode, takesBatches(model.input))) {
        findings.push(...(await cancellable(addon, signal, (cancellation) => model.findKernels(plan, cancellation))));
      }
      // Every build has kernels for whatever device, such as Const's; this one is each device's own, and in every program.
      if (!findings.some(({ operation, gpu }) => operation === 'Sub' && gpu)) throw noGpuBuild(runtime);
      ways.push(summary(way, findings));
    }
    return { runtime, model: source.name, layers, ways };
  } catch (error) {
    throw fromNative(error);
  }
}
