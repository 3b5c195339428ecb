import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ENVIRONMENT } from '../environment.js';
import type { Runtime } from '../runtime.js';

/** What decides whether TensorFlow can use an NVIDIA GPU here. */
export interface GpuFacts {
  /** Whether TensorFlow has a CUDA build for this platform. */
  readonly possible: boolean;
  /** Where the driver's libcuda.so.1 is. */
  readonly driverLibrary: string | undefined;
  /** Such as '570.86.15', where the kernel's module tells. */
  readonly driverVersion: string | undefined;
  /** NVIDIA's device files, such as /dev/nvidia0; /dev/dxg in WSL. */
  readonly deviceFiles: readonly string[];
  /** Whether this is a container, which sees a GPU only where it was started so. */
  readonly container: boolean;
  /** CUDA_VISIBLE_DEVICES, undefined where it is not set. */
  readonly visible: string | undefined;
  /** CUDA's libraries that are neither where the CUDA build's RUNPATH looks, in ../nvidia/<name>/lib, nor on LD_LIBRARY_PATH. */
  readonly missing: readonly string[];
}

/** Why TensorFlow sees no GPU, and what to do about it, where that is known. */
export interface NoGpu {
  readonly why: string;
  readonly remedy?: string;
}

const DRIVER_LIBRARY = 'libcuda.so.1';
const DRIVER_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64',
];
/** NVIDIA's for any CUDA 12: https://docs.nvidia.com/deploy/cuda-compatibility */
export const LEAST_DRIVER = '525.60.13';

/** What TensorFlow opens when it has found a driver, by the folder in `nvidia`. */
const CUDA_LIBRARIES: Readonly<Record<string, string>> = {
  cuda_runtime: 'libcudart.so.12',
  cublas: 'libcublas.so.12',
  cufft: 'libcufft.so.11',
  cusolver: 'libcusolver.so.11',
  cusparse: 'libcusparse.so.12',
  cudnn: 'libcudnn.so.9',
};

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function firstThatExists(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await exists(file)) return file;
  return undefined;
}

async function missingLibraries(library: string): Promise<string[]> {
  const missing: string[] = [];
  for (const [name, file] of Object.entries(CUDA_LIBRARIES)) {
    const beside = path.join(path.dirname(library), '..', 'nvidia', name, 'lib');
    const places = [beside, ...ENVIRONMENT.libraryPath()].map((folder) => path.join(folder, file));
    if ((await firstThatExists(places)) === undefined) missing.push(file);
  }
  return missing;
}

async function driverVersion(): Promise<string | undefined> {
  const text = await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => '');
  return /Kernel Module[^\d]*(\d+(?:\.\d+)+)/.exec(text)?.[1];
}

export async function gatherGpuFacts(library: string | undefined): Promise<GpuFacts> {
  const names = await readdir('/dev').catch(() => []);
  const folders = [...ENVIRONMENT.libraryPath(), ...DRIVER_FOLDERS];
  return {
    possible: process.platform === 'linux' && process.arch === 'x64',
    driverLibrary: await firstThatExists(folders.map((folder) => path.join(folder, DRIVER_LIBRARY))),
    driverVersion: await driverVersion(),
    deviceFiles: names.filter((name) => /^(nvidia\d+|dxg)$/.test(name)).map((name) => `/dev/${name}`),
    container: (await firstThatExists(['/.dockerenv', '/run/.containerenv'])) !== undefined,
    visible: ENVIRONMENT.visibleGpus(),
    missing: library === undefined ? [] : await missingLibraries(library),
  };
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

const INSTALL = "'npx livedream install --gpu' installs the CUDA build with CUDA's libraries";

function driverRemedy({ container, deviceFiles }: GpuFacts): string {
  const inContainer = "start the container with its GPUs ('docker run --gpus all', by NVIDIA's container toolkit)";
  const install = `install NVIDIA's driver, ${LEAST_DRIVER} or newer, from the system's packages`;
  if (deviceFiles.length > 0) return `${container ? inContainer : install}; docs/gpu.md`;
  return `where there is an NVIDIA GPU, ${container ? inContainer : install}; docs/gpu.md`;
}

/** What is wrong although there is a driver, with a build that is not for processors. */
function explainWithDriver(here: string, facts: GpuFacts): NoGpu {
  const { visible, driverVersion: version, missing } = facts;
  if (visible === '' || visible === '-1')
    return {
      why: `CUDA_VISIBLE_DEVICES is '${visible}', which hides every GPU`,
      remedy: 'unset CUDA_VISIBLE_DEVICES, or set it to the numbers of the GPUs to use, such as 0',
    };
  if (version !== undefined && isOlder(version, LEAST_DRIVER))
    return {
      why: `${here}, but the driver is ${version}, and CUDA 12 needs ${LEAST_DRIVER} or newer`,
      remedy: `update NVIDIA's driver to ${LEAST_DRIVER} or newer`,
    };
  if (missing.length > 0)
    return {
      why: `${here}, but ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in 'nvidia' beside 'tensorflow'`,
      remedy: INSTALL,
    };
  return {
    why: `${here}, but TensorFlow took it not`,
    remedy: "LIVEDREAM_VERBOSE=1 shows TensorFlow's reasons, and 'nvidia-smi' whether the driver works",
  };
}

/** Why TensorFlow sees no GPU, in words that say what to do. */
export function explainNoGpu(variant: Runtime['variant'] | undefined, facts: GpuFacts): NoGpu {
  if (!facts.possible) return { why: "TensorFlow's CUDA build is only for Linux on x64" };
  const { driverLibrary, deviceFiles } = facts;
  const driver = driverLibrary !== undefined && deviceFiles.length > 0;
  const noDriver = [
    ...(driverLibrary === undefined ? [`no driver (${DRIVER_LIBRARY} was not found)`] : []),
    ...(deviceFiles.length === 0 ? ['no NVIDIA device (/dev has no nvidia0)'] : []),
  ].join(' and ');
  const here = driver ? 'there is an NVIDIA GPU with its driver' : `there is ${noDriver}`;
  if (variant === undefined)
    return { why: `libtensorflow is not here yet; ${here}`, ...(driver ? { remedy: INSTALL } : {}) };
  if (variant === 'cpu') {
    return driver
      ? { why: `this is TensorFlow's CPU build, but ${here}`, remedy: INSTALL }
      : { why: `this is TensorFlow's CPU build, and ${here}` };
  }
  if (driver) return explainWithDriver(here, facts);
  return variant === 'gpu'
    ? { why: `this is the CUDA build, but ${here}`, remedy: driverRemedy(facts) }
    : { why: here };
}

/** Why TensorFlow sees no GPU on this machine. */
export async function whyNoGpu({ variant, library }: Partial<Runtime>): Promise<NoGpu> {
  return explainNoGpu(variant, await gatherGpuFacts(library));
}
