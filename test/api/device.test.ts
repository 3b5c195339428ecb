import { describe, expect, test } from 'vitest';
import { chooseDevice } from '../../lib/device.js';
import type { LoadOptions } from '../../lib/load-options.js';
import { LOAD_OPTIONS } from '../../lib/options/load-options.js';
import { readOptions } from '../../lib/options/read.js';
import { defaultMemoryLimit } from '../../lib/plan/memory.js';
import { addonWith } from '../support/stub-addon.js';

const cpu = { name: 'CPU:0', type: 'CPU', memoryBytes: 2 ** 28 };
const gpus = [0, 1].map((index) => ({ name: `GPU:${index}`, type: 'GPU', memoryBytes: (index + 1) * 2 ** 33 }));
const choose = (found: typeof gpus, options: LoadOptions): ReturnType<typeof chooseDevice> =>
  chooseDevice(addonWith([cpu, ...found]), readOptions(LOAD_OPTIONS, options));

describe('a device', () => {
  test("is the first GPU by default, with XLA and with the card's memory as its budget", async () => {
    const { choice, gpuBytes } = await choose(gpus, {});
    expect(choice).toMatchObject({ device: 'GPU:0', xla: true });
    expect(gpuBytes).toBe(2 ** 33);
    expect(defaultMemoryLimit(gpuBytes)).toBe(Math.floor(0.8 * 2 ** 33));
    expect((await choose(gpus, { device: 'gpu:1', xla: false })).gpuBytes).toBe(2 ** 34);
  });
  test("is the CPU without one, with half of the machine's memory", async () => {
    const { choice, gpuBytes } = await choose([], {});
    expect(choice).toMatchObject({ device: 'CPU:0', xla: false });
    expect(gpuBytes).toBeUndefined();
    expect(defaultMemoryLimit(gpuBytes)).toBeGreaterThan(2 ** 28);
  });
  test('that is not there is refused with those that are', async () => {
    await expect(choose(gpus, { device: 'gpu:2' })).rejects.toThrow(
      /'gpu:2' cannot be had: TensorFlow sees gpu:0, gpu:1/,
    );
    await expect(choose([], { device: 'gpu' })).rejects.toThrow(/TensorFlow sees no GPU here/);
  });
});
