import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gpuMemoryOf, gpus } from '../../lib/runtime/nvidia-smi.js';

let folder: string;
const { PATH } = process.env;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-smi-'));
  process.env['PATH'] = `${folder}${path.delimiter}${PATH}`;
});
afterEach(async () => {
  process.env['PATH'] = PATH;
  await rm(folder, { recursive: true });
});

/** A program in the place of NVIDIA's, that prints by what it is asked. */
async function pretend(answers: Readonly<Record<string, string>>, status = 0): Promise<void> {
  const cases = Object.entries(answers).map(([query, text]) => `  *"${query}"*) printf '%s' '${text}';;`);
  const file = path.join(folder, 'nvidia-smi');
  await writeFile(file, `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\nesac\nexit ${status}\n`);
  await chmod(file, 0o755);
}

describe.skipIf(process.platform === 'win32')('what the driver tells', () => {
  test('are the cards, and what memory a process has of all of them', async () => {
    await pretend({
      'query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits':
        'Tesla K80, 470.1, 11441\nH200, 580.2, 143771\n',
      'query-compute-apps=pid,used_gpu_memory --format=csv,noheader,nounits': '17, 300\n23, 512\n17, 200\n29, [N/A]\n',
    });
    expect(await gpus()).toEqual([
      { name: 'Tesla K80', driver: '470.1', memoryBytes: 11441 * 2 ** 20 },
      { name: 'H200', driver: '580.2', memoryBytes: 143771 * 2 ** 20 },
    ]);
    expect(await gpuMemoryOf(17)).toBe(500 * 2 ** 20);
    // Of another machine's view, and where the driver keeps it to itself.
    expect(await gpuMemoryOf(18)).toBeUndefined();
    expect(await gpuMemoryOf(29)).toBeUndefined();
  });

  test('is nothing where it fails or is not there', async () => {
    await pretend({ gpu: 'No devices were found' }, 6);
    expect(await gpus()).toEqual([]);
    process.env['PATH'] = folder;
    await rm(path.join(folder, 'nvidia-smi'));
    expect(await gpus()).toEqual([]);
    expect(await gpuMemoryOf(17)).toBeUndefined();
  });
});
