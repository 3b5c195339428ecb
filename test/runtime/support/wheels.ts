import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Platform, TENSORFLOW_VERSION } from '../../../lib/runtime/platforms.js';
import type { Wheel } from '../../../lib/runtime/wheel.js';
import { thisPlatform } from './place.js';
import { makeZip, type ZipEntry } from './zip.js';

export interface FakeWheel {
  readonly wheel: Wheel;
  /** Where it lies. */
  readonly path: string;
}

/** Writes bytes as a wheel, and the table's entry that they match. */
export function writeWheel(folder: string, project: string, bytes: Buffer): FakeWheel {
  mkdirSync(folder, { recursive: true });
  const file = `${project.replaceAll('-', '_')}-${TENSORFLOW_VERSION}-py3-none-any.whl`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(path.join(folder, file), bytes);
  return {
    wheel: { project, version: TENSORFLOW_VERSION, file, sha256, bytes: bytes.length },
    path: path.join(folder, file),
  };
}

/** What a TensorFlow wheel has, small: the libraries, a licence, and much that is not needed. */
export function tensorflowEntries(): ZipEntry[] {
  const { framework, library } = thisPlatform();
  return [
    { name: 'tensorflow/__init__.py', data: 'not needed' },
    { name: `tensorflow/${framework}`, data: 'framework', mode: 0o755 },
    { name: `tensorflow/${library}`, data: 'library '.repeat(1000), mode: 0o755 },
    { name: 'tensorflow/include/tensorflow/c/c_api.h', data: 'not needed' },
    { name: 'tensorflow/THIRD_PARTY_NOTICES.txt', data: 'notices' },
    { name: `tensorflow-${TENSORFLOW_VERSION}.dist-info/METADATA`, data: 'not needed' },
  ];
}

export function tensorflowWheel(folder: string, entries: readonly ZipEntry[] = tensorflowEntries()): FakeWheel {
  return writeWheel(folder, 'tensorflow-cpu', makeZip(entries));
}

export function cudaWheel(folder: string): FakeWheel {
  return writeWheel(
    folder,
    'nvidia-cudnn-cu12',
    makeZip([
      { name: 'nvidia/__init__.py', data: 'not needed' },
      { name: 'nvidia/cudnn/lib/libcudnn.so.9', data: 'cudnn' },
      { name: 'nvidia/cudnn/lib/libcudnn_static.a', data: 'not needed' },
      { name: 'nvidia/cuda_nvcc/bin/ptxas', data: 'ptxas', mode: 0o755 },
      { name: 'nvidia/cudnn/include/cudnn.h', data: 'not needed' },
      { name: 'nvidia_cudnn_cu12-9.dist-info/licenses/LICENSE.txt', data: 'licence' },
    ]),
  );
}

/** This platform, but with a test's wheels. */
export function platformWith(cpu: readonly FakeWheel[], gpu?: readonly FakeWheel[]): Platform {
  const wheels = { cpu: cpu.map(({ wheel }) => wheel), ...(gpu ? { gpu: gpu.map(({ wheel }) => wheel) } : {}) };
  return { ...thisPlatform(), pipPlatforms: ['one_platform', 'other_platform'], wheels };
}
