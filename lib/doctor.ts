import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { familySync } from 'detect-libc';
import { addonPath, loadAddon } from './binding/addon.js';
import { type Device, devices } from './device.js';
import { ENVIRONMENT } from './runtime/environment.js';
import { findRuntime, type Runtime } from './runtime/find.js';
import { openRuntime } from './runtime/open.js';
import { currentPlatform, TENSORFLOW_VERSION } from './runtime/platforms.js';
import { findPython, type Python } from './runtime/python.js';

/** What livedream found on this machine. */
export interface DoctorReport {
  /** Whether dreams can be made. */
  readonly ok: boolean;
  readonly platform: {
    readonly name: string;
    readonly tested: boolean;
    readonly libc: string | undefined;
    readonly node: string;
  };
  readonly addon: { readonly path: string | undefined; readonly problem?: string };
  readonly runtime: (Partial<Runtime> & { readonly loadedVersion?: string; readonly problem?: string }) | undefined;
  readonly devices: readonly Device[];
  readonly gpu: { readonly available: boolean; readonly why: string };
  readonly xla: { readonly available: boolean; readonly why: string };
  readonly python: Python | undefined;
  readonly cache: string;
  /** What to do next, empty where nothing is wrong. */
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

async function describeRuntime(addonWorks: boolean): Promise<NonNullable<DoctorReport['runtime']>> {
  let runtime: Runtime | undefined;
  try {
    runtime = await findRuntime();
    if (!addonWorks) return runtime;
    const { library } = await openRuntime();
    return { ...runtime, loadedVersion: library.version };
  } catch (error) {
    return { ...runtime, problem: message(error) };
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function hasCudaBuild(runtime: DoctorReport['runtime']): Promise<boolean> {
  if (runtime?.variant === 'gpu') return true;
  if (runtime?.library === undefined) return false;
  const beside = await readdir(path.join(path.dirname(runtime.library), '..', 'nvidia')).catch(() => []);
  return beside.length > 0;
}

async function whyNoGpu(runtime: DoctorReport['runtime']): Promise<string> {
  if (process.platform !== 'linux') return 'TensorFlow has no GPU build for this system';
  if (runtime?.library === undefined) return 'libtensorflow is not there yet';
  const driver = await exists('/proc/driver/nvidia/version');
  const node = await exists('/dev/nvidiactl');
  if (!(await hasCudaBuild(runtime))) {
    const found =
      driver || node
        ? "There is an NVIDIA driver: 'npx livedream install --gpu' installs the CUDA build"
        : 'and there is no NVIDIA driver either';
    return `this is TensorFlow's CPU build; ${found}`;
  }
  if (!driver && !node) return 'the CUDA build is installed, but there is no NVIDIA driver (no /dev/nvidiactl)';
  return "the CUDA build and a driver are there, but TensorFlow took no GPU; LIVEDREAM_VERBOSE=1 shows TensorFlow's reasons";
}

/** Finds out what is here and what is missing. Never rejects: what fails is said in the report. */
export async function doctor(): Promise<DoctorReport> {
  const addon = describeAddon();
  const runtime = await describeRuntime(addon.problem === undefined);
  const loaded = runtime.loadedVersion !== undefined;
  const found = loaded ? await devices().catch(() => []) : [];
  const gpu = found.some(({ type }) => type === 'gpu');
  const python = await findPython();
  const advice: string[] = [];
  if (addon.problem !== undefined) advice.push(addon.problem);
  if (runtime.problem !== undefined) advice.push(runtime.problem);
  const platform = currentPlatform();
  return {
    ok: loaded && found.length > 0,
    platform: {
      name: `${process.platform} ${process.arch}`,
      tested: platform?.tested ?? false,
      libc: process.platform === 'linux' ? (familySync() ?? undefined) : undefined,
      node: process.version,
    },
    addon,
    runtime,
    devices: found,
    gpu: gpu ? { available: true, why: 'TensorFlow sees it' } : { available: false, why: await whyNoGpu(runtime) },
    xla: loaded
      ? { available: true, why: `part of TensorFlow ${runtime.loadedVersion}` }
      : { available: false, why: `libtensorflow ${TENSORFLOW_VERSION} is not loaded` },
    python,
    cache: ENVIRONMENT.cache(),
    advice,
  };
}
