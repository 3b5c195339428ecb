import { describe, expect, test } from 'vitest';
import { type ChosenDevice, chooseDevices, type WhyNoGpu } from '../../lib/device.js';
import type { LoadOptions } from '../../lib/load-options.js';
import { LOAD_OPTIONS } from '../../lib/options/load-options.js';
import { readOptions } from '../../lib/options/read.js';
import { defaultMemoryLimit } from '../../lib/plan/memory.js';
import { addonWith } from '../support/stub-addon.js';

const cpu = { name: 'CPU:0', type: 'CPU', memoryBytes: 2 ** 28 };
const gpus = [0, 1].map((index) => ({ name: `GPU:${index}`, type: 'GPU', memoryBytes: (index + 1) * 2 ** 33 }));
const chooseAll = (found: typeof gpus, options: LoadOptions): Promise<ChosenDevice[]> =>
  chooseDevices(addonWith([cpu, ...found]), readOptions(LOAD_OPTIONS, options));
const choose = async (found: typeof gpus, options: LoadOptions): Promise<ChosenDevice> =>
  (await chooseAll(found, options))[0] as ChosenDevice;

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
  test('may be one of several, in the order asked for, and the same twice', async () => {
    const chosen = await chooseAll(gpus, { device: 'gpu:1,cpu,gpu' });
    expect(chosen.map(({ choice }) => choice.device)).toEqual(['GPU:1', 'CPU:0', 'GPU:0']);
    expect(chosen.map(({ choice }) => choice.xla)).toEqual([true, false, true]);
    expect(await chooseAll([], { device: 'cpu,cpu' })).toHaveLength(2);
    for (const device of ['auto,cpu', 'cpu,', 'cpu gpu'])
      expect(() => readOptions(LOAD_OPTIONS, { device })).toThrow(/several of the latter/);
  });
  test('has its loop compiled on a GPU with XLA, and where that is asked for and can be had', async () => {
    const loopOf = async (found: typeof gpus, options: LoadOptions): Promise<string> =>
      (await choose(found, options)).choice.loop;
    expect(await loopOf(gpus, {})).toBe('compiled');
    expect((await choose(gpus, {})).choice.why).toContain('the loop compiled, so that');
    expect((await choose(gpus, { loop: 'native' })).choice.why).toContain('loop native as asked');
    expect(await loopOf(gpus, { xla: false })).toBe('native');
    expect(await loopOf(gpus, { loop: 'native' })).toBe('native');
    expect(await loopOf([], { xla: true })).toBe('native');
    expect(await loopOf([], { xla: true, loop: 'compiled' })).toBe('compiled');
    await expect(loopOf([], { loop: 'compiled' })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_OPTION_RANGE',
      message: expect.stringMatching(/'loop' must be 'auto' or 'native' without XLA.*on CPU:0.*but is .compiled/),
    });
    await expect(loopOf(gpus, { device: 'gpu,cpu', loop: 'compiled' })).rejects.toThrow(/on CPU:0/);
  });
  test('computes in float32 unless another precision is asked for, and says what is faster', async () => {
    const on = async (unit: 'none' | 'avx512' | 'amx', options: LoadOptions): Promise<ChosenDevice['choice']> => {
      const chosen = await chooseDevices(addonWith([cpu, ...gpus], unit), readOptions(LOAD_OPTIONS, options));
      return (chosen[0] as ChosenDevice).choice;
    };
    expect(await on('amx', { device: 'cpu' })).toMatchObject({
      precision: 'float32',
      why: expect.stringContaining("'bfloat16' is faster"),
    });
    expect((await on('none', { device: 'cpu' })).why).not.toContain('faster on this');
    expect((await on('none', {})).precision).toBe('float32');
    for (const unit of ['avx512', 'amx'] as const)
      expect((await on(unit, { device: 'cpu', precision: 'bfloat16' })).precision).toBe('bfloat16');
    for (const precision of ['bfloat16', 'float16'] as const)
      expect((await on('none', { precision })).precision).toBe(precision);
    const refused = { code: 'ERR_LIVEDREAM_PRECISION_UNAVAILABLE' };
    await expect(on('none', { device: 'cpu', precision: 'bfloat16' })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('neither AMX nor AVX512-BF16'),
    });
    await expect(on('amx', { device: 'cpu', precision: 'float16' })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('for GPUs'),
    });
  });
  test('that is not there is refused with those that are', async () => {
    await expect(choose(gpus, { device: 'gpu:2' })).rejects.toThrow(
      /'gpu:2' cannot be had: TensorFlow sees gpu:0, gpu:1/,
    );
    await expect(choose([], { device: 'gpu' })).rejects.toThrow(/TensorFlow sees no GPU/);
    const whyNoGpu: WhyNoGpu = async () => ({ why: 'there is no driver', remedy: 'install one' });
    const options = readOptions(LOAD_OPTIONS, { device: 'cpu,gpu' });
    await expect(chooseDevices(addonWith([cpu]), options, whyNoGpu)).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
      message:
        "The device 'gpu' cannot be had: there is no driver. To have it: install one. Else use device 'auto' or 'cpu'.",
    });
  });
});
