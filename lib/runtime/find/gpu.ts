import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { ENVIRONMENT } from '../environment.js';
import type { Runtime } from '../runtime.js';

/** What decides whether TensorFlow can use an NVIDIA GPU here. */
export interface GpuFacts {
  /** Whether TensorFlow has a CUDA build for this platform. */
  readonly possible: boolean;
  /** Where the driver's libcuda.so.1 is. */
  readonly driverLibrary: string | undefined;
  /** NVIDIA's device files, such as /dev/nvidia0; /dev/dxg in WSL. */
  readonly deviceFiles: readonly string[];
  /** CUDA_VISIBLE_DEVICES, undefined where it is not set. */
  readonly visible: string | undefined;
  /** Whether CUDA's libraries are where the CUDA build's RUNPATH looks: in ../nvidia/<name>/lib beside it. */
  readonly cudaBeside: boolean;
}

const DRIVER_LIBRARY = 'libcuda.so.1';
const DRIVER_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64',
];

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function findDriver(): Promise<string | undefined> {
  for (const folder of [...ENVIRONMENT.libraryPath(), ...DRIVER_FOLDERS]) {
    const file = path.join(folder, DRIVER_LIBRARY);
    if (await exists(file)) return file;
  }
  return undefined;
}

export async function gatherGpuFacts(library: string | undefined): Promise<GpuFacts> {
  const names = await readdir('/dev').catch(() => []);
  const beside = library === undefined ? [] : [path.join(path.dirname(library), '..', 'nvidia')];
  return {
    possible: process.platform === 'linux' && process.arch === 'x64',
    driverLibrary: await findDriver(),
    deviceFiles: names.filter((name) => /^(nvidia\d+|dxg)$/.test(name)).map((name) => `/dev/${name}`),
    visible: ENVIRONMENT.visibleGpus(),
    cudaBeside: (await Promise.all(beside.map(exists))).includes(true),
  };
}

/** Why TensorFlow sees no GPU, in words that say what to do. */
export function explainNoGpu(variant: Runtime['variant'] | undefined, facts: GpuFacts): string {
  if (!facts.possible) return "TensorFlow's CUDA build is only for Linux on x64";
  const { driverLibrary, deviceFiles, visible } = facts;
  const driver = driverLibrary !== undefined && deviceFiles.length > 0;
  const noDriver = [
    ...(driverLibrary === undefined ? [`no driver (${DRIVER_LIBRARY} was not found)`] : []),
    ...(deviceFiles.length === 0 ? ['no NVIDIA device (/dev has no nvidia0)'] : []),
  ].join(' and ');
  const here = driver ? 'there is an NVIDIA GPU with its driver' : `there is ${noDriver}`;
  if (variant === undefined) return `libtensorflow is not here yet; ${here}`;
  if (variant === 'cpu') {
    return driver
      ? `this is TensorFlow's CPU build, but ${here}: 'npx livedream install --gpu' installs the CUDA build`
      : `this is TensorFlow's CPU build, and ${here}`;
  }
  if (!driver) return variant === 'gpu' ? `this is the CUDA build, but ${here}` : here;
  if (visible === '' || visible === '-1') return `CUDA_VISIBLE_DEVICES is '${visible}', which hides every GPU`;
  if (!facts.cudaBeside) return `${here}, but CUDA's libraries are not in 'nvidia' beside 'tensorflow'`;
  return `${here}, but TensorFlow took it not; LIVEDREAM_VERBOSE=1 shows TensorFlow's reasons`;
}
