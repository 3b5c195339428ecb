import { loadAddon } from './binding/addon.js';
import { fromNative } from './binding/errors.js';
import type { NativeAddon, NativeDevice, NativePrecision, NativeRewrite } from './binding/native.js';
import { LiveDreamError, optionRangeError } from './errors.js';
import type { ResolvedLoadOptions } from './options/load-options.js';
import { rewritesFor } from './plan/rewrites.js';
import type { NoGpu } from './runtime/find/gpu.js';
import { openRuntime } from './runtime/find/open.js';

/** How the device and XLA were chosen. */
export interface Choice {
  readonly device: string;
  readonly xla: boolean;
  /** Who goes from step to step within an octave: the engine, or the program that XLA compiled. */
  readonly loop: 'native' | 'compiled';
  /** The arithmetic of the network. */
  readonly precision: NativePrecision;
  /** What is computed in another way than the graph says: docs/performance.md. */
  readonly rewrites: readonly NativeRewrite[];
  /** Why, where it was left to 'auto'. */
  readonly why: string;
}

/** A device that TensorFlow sees. */
export interface Device {
  /** As in the option `device`: 'cpu', 'gpu:0', 'gpu:1'. */
  readonly name: string;
  readonly type: 'cpu' | 'gpu';
  /** What TensorFlow may use of it, in bytes. */
  readonly memoryBytes: number;
}

function toDevice({ name, type, memoryBytes }: NativeDevice): Device | undefined {
  if (type === 'CPU') return { name: 'cpu', type: 'cpu', memoryBytes };
  if (type === 'GPU') return { name: name.toLowerCase(), type: 'gpu', memoryBytes };
  return undefined;
}

async function devicesOf(addon: NativeAddon, gpuMemoryFraction?: number): Promise<Device[]> {
  const found = await addon.devices(gpuMemoryFraction).catch((error: unknown) => Promise.reject(fromNative(error)));
  return found.map(toDevice).filter((device) => device !== undefined);
}

/**
 * The devices that a Dreamer can run on, the processor first, with what TensorFlow may use of their memory, in bytes.
 * @throws LiveDreamError ERR_LIVEDREAM_ADDON_MISSING, _RUNTIME_*
 * @example
 * ```ts
 * import { Dreamer, devices } from 'livedream';
 *
 * const gpus = (await devices()).filter(({ type }) => type === 'gpu');
 * await using dreamer = await Dreamer.load({ device: gpus.map(({ name }) => name).join(',') || 'cpu' });
 * ```
 */
export async function devices(): Promise<Device[]> {
  await openRuntime();
  return devicesOf(loadAddon());
}

function chooseXla(xla: 'auto' | boolean, type: 'cpu' | 'gpu'): { xla: boolean; why: string } {
  if (xla !== 'auto') return { xla, why: `xla ${xla} as asked` };
  if (type === 'cpu') return { xla: false, why: 'ordinary kernels, which are faster than XLA on a CPU' };
  return { xla: true, why: 'XLA, as is best on a GPU' };
}

function chooseLoop(
  loop: ResolvedLoadOptions['loop'],
  xla: boolean,
  device: string,
): { loop: Choice['loop']; why: string } {
  if (loop === 'compiled' && !xla) {
    const without = `without XLA, which alone compiles loops (on ${device} it has to be asked for with xla: true)`;
    throw optionRangeError('loop', `'auto' or 'native' ${without}`, loop);
  }
  if (loop !== 'auto') return { loop, why: `loop ${loop} as asked` };
  if (xla && device.startsWith('GPU'))
    return { loop: 'compiled', why: 'the loop compiled, so that the GPU waits for nobody' };
  return { loop: 'native', why: 'the native loop, which can be stopped after any step' };
}

/** 'auto' never takes digits from a network that nobody has looked at: what is faster is named, and left to the user. */
function choosePrecision(
  asked: ResolvedLoadOptions['precision'],
  gpu: boolean,
  unit: ReturnType<NativeAddon['bfloat16Unit']>,
): { precision: NativePrecision; why: string } {
  if (asked === 'auto') {
    const faster = !gpu && unit !== 'none' ? "; precision 'bfloat16' is faster on this processor" : '';
    // TensorFlow lets cuDNN round what it multiplies to TF32's 10 bits, from Ampere on: docs/gpu.md.
    const exact = gpu ? 'with products in TF32 where the GPU has that' : 'which is exact';
    return { precision: 'float32', why: `float32, ${exact}${faster}` };
  }
  const unavailable = (why: string): LiveDreamError =>
    new LiveDreamError('ERR_LIVEDREAM_PRECISION_UNAVAILABLE', `The precision '${asked}' cannot be had: ${why}`);
  if (asked === 'float16' && !gpu)
    throw unavailable("processors have no convolutions in float16 that are faster than in 'float32'; it is for GPUs.");
  if (asked === 'bfloat16' && !gpu && unit === 'none')
    throw unavailable("this processor has neither AMX nor AVX512-BF16, without which it is slower than 'float32'.");
  return { precision: asked, why: `${asked} as asked` };
}

/** TensorFlow has as many as are asked for. */
const isCpu = (name: string): boolean => /^cpu(:\d+)?$/i.test(name);

function wantedOf(asked: string, gpus: readonly Device[]): string {
  if (asked === 'auto') return gpus[0]?.name ?? 'cpu';
  return asked === 'gpu' ? 'gpu:0' : asked;
}

export interface ChosenDevice {
  readonly choice: Choice;
  /** What TensorFlow may use of the GPU; undefined on the CPU. */
  readonly gpuBytes?: number;
}

/** What makes TensorFlow see no GPU, as far as is known. */
export type WhyNoGpu = () => Promise<NoGpu>;

async function unavailable(asked: string, gpus: readonly Device[], whyNoGpu?: WhyNoGpu): Promise<LiveDreamError> {
  const reject = (why: string, repair?: string): LiveDreamError =>
    new LiveDreamError('ERR_LIVEDREAM_DEVICE_UNAVAILABLE', `The device '${asked}' cannot be had: ${why}.`, {
      ...(repair === undefined ? {} : { repair }),
    });
  if (gpus.length > 0) return reject(`TensorFlow sees ${gpus.map(({ name }) => name).join(', ')}`);
  const { why, remedy } = (await whyNoGpu?.()) ?? { why: 'TensorFlow sees no GPU' };
  return reject(why, remedy && `To have it: ${remedy}. Else use device 'auto' or 'cpu'.`);
}

function choose(
  asked: string,
  gpus: readonly Device[],
  options: ResolvedLoadOptions,
  unit: ReturnType<NativeAddon['bfloat16Unit']>,
): ChosenDevice {
  const wanted = wantedOf(asked, gpus);
  const gpu = gpus.find(({ name }) => name === wanted);
  const mode = chooseXla(options.xla, gpu ? 'gpu' : 'cpu');
  const device = wanted === 'cpu' ? 'CPU:0' : wanted.toUpperCase();
  const chosen = asked === 'auto' ? (gpu ? 'the first GPU' : 'the CPU, as there is no GPU') : `${asked} as asked`;
  const going = chooseLoop(options.loop, mode.xla, device);
  const { precision, why } = choosePrecision(options.precision, gpu !== undefined, unit);
  return {
    choice: {
      device,
      xla: mode.xla,
      loop: going.loop,
      precision,
      rewrites: rewritesFor({ device, xla: mode.xla, loop: going.loop }),
      why: `${chosen}; ${mode.why}; ${going.why}; ${why}`,
    },
    ...(gpu ? { gpuBytes: gpu.memoryBytes } : {}),
  };
}

/**
 * The devices and modes for a Dreamer, in the order asked for. An explicit device that is not there rejects with
 * ERR_LIVEDREAM_DEVICE_UNAVAILABLE, a precision that it cannot do with ERR_LIVEDREAM_PRECISION_UNAVAILABLE, and the
 * reason; nothing is replaced silently.
 */
export async function chooseDevices(
  addon: NativeAddon,
  options: ResolvedLoadOptions,
  whyNoGpu?: WhyNoGpu,
): Promise<ChosenDevice[]> {
  const asked = options.device.split(',');
  // Asking for all devices wakes every GPU: not for those who want the processor.
  const found = asked.every(isCpu) ? [] : await devicesOf(addon, options.gpuMemoryFraction);
  const gpus = found.filter(({ type }) => type === 'gpu');
  for (const each of asked) {
    const wanted = wantedOf(each, gpus);
    if (!isCpu(wanted) && !gpus.some(({ name }) => name === wanted)) throw await unavailable(each, gpus, whyNoGpu);
  }
  return asked.map((each) => choose(each, gpus, options, addon.bfloat16Unit()));
}
