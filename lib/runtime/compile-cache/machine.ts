import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { packageVersion } from '../../version.js';
import { ENVIRONMENT } from '../environment.js';
import { platformKey } from '../platforms.js';
import { processorFlags } from '../processor.js';
import type { Runtime } from '../runtime.js';

const NVIDIA = '/proc/driver/nvidia';

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** Model and extensions of the processor: code for AVX-512 dies of SIGILL where there is none, whatever the model says. */
async function processor(): Promise<readonly string[]> {
  // Where macOS lists no extensions, the model tells all.
  return [cpus()[0]?.model ?? '', await processorFlags(), String(availableParallelism())];
}

/** Cards and driver, where there are any. */
async function gpus(): Promise<readonly string[]> {
  const folders = await readdir(path.join(NVIDIA, 'gpus')).catch(() => []);
  const cards = folders.sort().map(async (name) => {
    const information = await textOf(path.join(NVIDIA, 'gpus', name, 'information'));
    return /^Model:(.*)$/m.exec(information)?.[1]?.trim() ?? '';
  });
  return [await textOf(path.join(NVIDIA, 'version')), ENVIRONMENT.visibleGpus() ?? '', ...(await Promise.all(cards))];
}

/**
 * A name for all that machine code depends on besides the program: this package, the library (two builds of one version have
 * other sizes), the processor, the graphics cards, and flags that change what XLA makes. The network, the device and the shape
 * are in TensorFlow's own key.
 */
export async function machineName({ library, version, variant }: Runtime): Promise<string> {
  const { size } = await stat(library);
  const facts = [
    [packageVersion(), platformKey(), version ?? '', variant, String(size)],
    await processor(),
    await gpus(),
    ENVIRONMENT.xlaFlags(),
  ];
  const hash = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
  return `${packageVersion()}-${hash}`;
}
