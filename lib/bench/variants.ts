import type { NativeAddon } from '../binding/native.js';
import { type Choice, chooseDevices } from '../device.js';
import type { LoadOptions } from '../load-options.js';
import {
  BENCH_AXIS_NAMES,
  type BenchPoint,
  type ResolvedBenchAxes,
  type ResolvedBenchOptions,
} from '../options/bench-options.js';
import type { DreamOptions } from '../options/dream-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import type { ObjectiveOptions } from '../options/objective.js';
import { readOptions } from '../options/read.js';
import { whyNoGpu } from '../runtime/find/gpu.js';
import { openRuntime } from '../runtime/find/open.js';
import { PEERS, type PeerName } from './peers/catalogue.js';
import type { BenchVariant } from './report.js';

/** Every combination, the last axis fastest. */
export function combinations(axes: ResolvedBenchAxes): BenchPoint[] {
  return BENCH_AXIS_NAMES.reduce<Partial<BenchPoint>[]>(
    (points, axis) => points.flatMap((point) => axes[axis].map((value) => ({ ...point, [axis]: value }))),
    [{}],
  ) as BenchPoint[];
}

/** The same in every run on every machine, so that runs can be compared by it. */
export function nameOf({ size, octaves, iterations, device, xla, loop, precision }: BenchPoint): string {
  const kernels = xla === 'auto' ? 'xla-auto' : xla ? 'xla' : 'ordinary';
  return `${size.width}x${size.height} ${octaves}x${iterations} ${device} ${kernels} ${loop} ${precision}`;
}

/** What a peer is to dream: on the processor, in float32. */
export function peerVariant(peer: PeerName, { size, octaves, iterations }: BenchVariant): BenchVariant {
  const { xla, loop } = PEERS[peer];
  const name = `${size.width}x${size.height} ${octaves}x${iterations} cpu ${peer} float32`;
  return { name, peer, size, octaves, iterations, device: 'cpu', on: 'CPU:0', xla, loop, precision: 'float32' };
}

/** What a Dreamer of the variant is loaded with. */
export function loadOptions(
  { device, xla, loop, precision }: BenchPoint,
  { threads, memoryLimit }: ResolvedBenchOptions,
): LoadOptions {
  return { device, xla, loop, precision, threads, memoryLimit };
}

/** What each of its dreams is asked for. All that costs time is said, whatever the model's own options are. */
export function dreamOptions(
  { octaves, iterations }: Pick<BenchPoint, 'octaves' | 'iterations'>,
  { octaveScale, tileSize, normalize }: ResolvedBenchOptions,
  objective: ObjectiveOptions,
): DreamOptions {
  return { octaves, iterations, octaveScale, tileSize, normalize, batch: 1, ...objective };
}

/** What 'auto' becomes here. Rejects as `Dreamer.load` does, for what cannot be had. */
export async function resolveVariant(
  point: BenchPoint,
  options: ResolvedBenchOptions,
  addon: NativeAddon,
): Promise<BenchVariant> {
  const resolving = readOptions(LOAD_OPTIONS, loadOptions(point, options));
  const { runtime } = await openRuntime();
  const [chosen] = await chooseDevices(addon, resolving, () => whyNoGpu(runtime));
  const { device: on, xla, loop, precision } = (chosen as { choice: Choice }).choice;
  const device = on === 'CPU:0' ? 'cpu' : on.toLowerCase();
  const resolved = { ...point, device, xla, loop, precision };
  return { name: nameOf(resolved), on, ...resolved };
}

/** Variants of one place share a Dreamer. */
export function placeOf({ on, xla, loop, precision }: BenchVariant): string {
  return `${on} ${xla} ${loop} ${precision}`;
}
