import { familySync } from 'detect-libc';
import { addonPath, loadAddon } from './binding/addon.js';
import { fromNative } from './binding/errors.js';
import { type Device, devices } from './device.js';
import { type CacheReport, describeCache } from './runtime/find/cache-report.js';
import { findRuntime } from './runtime/find/find.js';
import { whyNoGpu } from './runtime/find/gpu.js';
import { openRuntime } from './runtime/find/open.js';
import { probe } from './runtime/find/probe.js';
import { currentPlatform, TENSORFLOW_VERSION } from './runtime/platforms.js';
import { findPython, findUv, type Python } from './runtime/python.js';
import type { Runtime } from './runtime/runtime.js';
import { findFfmpeg } from './video/ffmpeg.js';

/** Whether something can be used, and how that is known or why not. */
export interface Availability {
  readonly available: boolean;
  readonly why: string;
  /** What would make it available, where that is known. */
  readonly remedy?: string;
}

/** What livedream found on this machine. */
export interface DoctorReport {
  /** Whether dreams can be made: a gradient was computed. */
  readonly ok: boolean;
  readonly platform: {
    readonly name: string;
    /** Whether livedream is tested on this platform, or only should work. */
    readonly tested: boolean;
    readonly libc: string | undefined;
    readonly node: string;
  };
  readonly addon: { readonly path: string | undefined; readonly problem?: string };
  /** What was found, and the version that the opened library itself tells. */
  readonly runtime: Partial<Runtime> & {
    readonly loadedVersion?: string;
    readonly problem?: string;
    /** Why this library keeps nothing that XLA compiled. */
    readonly compileCacheProblem?: string;
  };
  readonly devices: readonly Device[];
  readonly gpu: Availability;
  readonly xla: Availability;
  /** Only needed by `livedream install`. */
  readonly python: Python | undefined;
  /** uv's version; it can stand in for a Python with pip. */
  readonly uv: string | undefined;
  /** The version of the system's ffmpeg; only films need it. */
  readonly ffmpeg: string | undefined;
  readonly cache: CacheReport;
  /** What is wrong and what to do next; empty where nothing is to be done. */
  readonly advice: readonly string[];
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describeAddon(): DoctorReport['addon'] {
  try {
    loadAddon();
    return { path: addonPath() };
  } catch (error) {
    return { path: addonPath(), problem: message(error) };
  }
}

async function describeRuntime(addonWorks: boolean): Promise<DoctorReport['runtime']> {
  let runtime: Runtime | undefined;
  try {
    runtime = await findRuntime();
    if (!addonWorks) return runtime;
    const { library } = await openRuntime();
    const { version, compileCacheProblem } = library;
    return { ...runtime, loadedVersion: version, ...(compileCacheProblem ? { compileCacheProblem } : {}) };
  } catch (error) {
    return { ...runtime, problem: message(error) };
  }
}

async function tryProbe(found: readonly Device[], xla: boolean): Promise<Availability> {
  const device = found.some(({ type }) => type === 'gpu') ? 'GPU:0' : 'CPU:0';
  try {
    await probe(loadAddon(), device, xla);
    return { available: true, why: `a gradient was ${xla ? 'compiled by XLA and ' : ''}computed on ${device}` };
  } catch (error) {
    const { cause } = fromNative(error);
    return { available: false, why: `${message(error)}${cause instanceof Error ? ` (${cause.message})` : ''}` };
  }
}

async function describeGpu(found: readonly Device[], runtime: DoctorReport['runtime']): Promise<Availability> {
  const gpus = found.filter(({ type }) => type === 'gpu');
  if (gpus.length > 0) return { available: true, why: `TensorFlow sees ${gpus.length}` };
  return { available: false, ...(await whyNoGpu(runtime)) };
}

function describePlatform(): DoctorReport['platform'] {
  return {
    name: `${process.platform} ${process.arch}`,
    tested: currentPlatform()?.tested ?? false,
    libc: process.platform === 'linux' ? (familySync() ?? undefined) : undefined,
    node: process.version,
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

type Facts = Pick<DoctorReport, 'addon' | 'runtime' | 'gpu' | 'python' | 'uv'> & { readonly works: Availability };

function adviceOf({ addon, runtime, gpu, python, uv, works }: Facts): string[] {
  const advice: string[] = [];
  if (addon.problem !== undefined) advice.push(addon.problem);
  if (runtime.problem !== undefined) advice.push(runtime.problem);
  if (runtime.library === undefined && python?.pip === undefined && uv === undefined) {
    advice.push('`npx livedream install` needs pip or uv, and neither was found; `--from WHEEL` does without.');
  }
  if (runtime.loadedVersion !== undefined && !works.available)
    advice.push(`TensorFlow does not work here: ${works.why}`);
  if (runtime.compileCacheProblem !== undefined)
    advice.push(
      `This TensorFlow keeps nothing that XLA compiled, for the next process: ${runtime.compileCacheProblem}.`,
    );
  if (gpu.remedy !== undefined) advice.push(`For the GPU: ${gpu.why}. ${sentence(gpu.remedy)}`);
  return advice;
}

/**
 * Finds out what is here and what is missing, by trying it. Never rejects: what fails is said in the report.
 * @example
 * ```ts
 * import { doctor } from 'livedream';
 *
 * const { ok, advice } = await doctor();
 * if (!ok) console.log(advice.join('\n'));
 * ```
 */
export async function doctor(): Promise<DoctorReport> {
  const addon = describeAddon();
  const runtime = await describeRuntime(addon.problem === undefined);
  const loaded = runtime.loadedVersion !== undefined;
  const found = loaded ? await devices().catch(() => []) : [];
  const absent = { available: false, why: `libtensorflow (${TENSORFLOW_VERSION} is tested) is not loaded` };
  const works = loaded ? await tryProbe(found, false) : absent;
  const xla = loaded ? await tryProbe(found, true) : absent;
  const gpu = await describeGpu(found, runtime);
  const films = findFfmpeg().then(
    ({ version }) => version,
    () => undefined,
  );
  const [python, uv, ffmpeg, cache] = await Promise.all([findPython(), findUv(), films, describeCache()]);
  return {
    ok: works.available,
    platform: describePlatform(),
    addon,
    runtime,
    devices: found,
    gpu,
    xla,
    python,
    uv,
    ffmpeg,
    cache,
    advice: adviceOf({ addon, runtime, gpu, python, uv, works }),
  };
}
