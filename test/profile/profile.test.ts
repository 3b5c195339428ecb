import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeTrace, NativeTracedOperation } from '../../lib/binding/native.js';
import type { Dreamer } from '../../lib/dreamer.js';
import { type Profile, sumByOperation } from '../../lib/profile/profile.js';
import { TEST_DEVICE } from '../support/device.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer({ xla: false });
});
afterAll(async () => dreamer?.dispose());

function programsOf({ programs }: Profile): string[] {
  return programs.map(({ program, octave, iteration }) => `${octave}.${iteration} ${program}`);
}

function operation(name: string, begin: number, end: number): NativeTracedOperation {
  return { name: `${name}_1`, operation: name, device: 'CPU:0', begin, end };
}

describe('a profile', () => {
  test('has every operation of every step, once each', async () => {
    const options = { octaves: 2, iterations: [3, 2], layer: 'mixed3b' } as const;
    const profile = await dreamer.profile(rawPicture(96, 64), options);
    const steps = ['0.0', '0.1', '0.2', '1.0', '1.1'];
    const sizes = [...Array(3).fill('68 x 45'), ...Array(2).fill('96 x 64')];
    expect(programsOf(profile)).toEqual(
      steps.map((step, index) => `${step} a step of a picture of ${sizes[index]} pixels on 'mixed3b'`),
    );
    expect(profile).toMatchObject({ layer: 'mixed3b', precision: 'float32', width: 96, height: 64, steps: 5 });
    const convolutions = profile.programs.map(
      ({ operations }) => operations.filter(({ operation: kind }) => /Conv2D|Winograd/.test(kind)).length,
    );
    // The same in each step, of which the first of an octave runs twice.
    expect(new Set(convolutions).size).toBe(1);
    expect(convolutions[0]).toBeGreaterThan(8);
    const names = profile.programs[0]?.operations.map(({ name }) => name) as string[];
    expect(new Set(names).size).toBe(names.length);
    if (TEST_DEVICE === 'cpu')
      expect(profile.operations.map(({ operation: kind }) => kind)).toContain('LivedreamWinograd');
  });

  test('tells times that lie in their order, and nothing before the first', async () => {
    const { programs, milliseconds } = await dreamer.profile(rawPicture(64, 48), { octaves: 1, iterations: 3 });
    const operations = programs.flatMap((program) => program.operations);
    expect(operations[0]?.begin).toBe(0);
    let before = 0;
    for (const each of programs) {
      expect(each.operations[0]?.begin).toBeGreaterThanOrEqual(before);
      before = Math.max(...each.operations.map(({ end }) => end));
      for (const { begin, end } of each.operations) expect(end).toBeGreaterThan(begin);
    }
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThanOrEqual(before);
  });

  test('has the programs of a step that is cut in tiles', async () => {
    const profile = await dreamer.profile(rawPicture(96, 64), { octaves: 1, iterations: 1, tileSize: 48, batch: 2 });
    expect(programsOf(profile).map((name) => name.replace(/ of .*/, ''))).toEqual([
      '0.0 the tiles',
      ...Array(profile.programs.length - 2).fill('0.0 the gradient'),
      '0.0 the update',
    ]);
    expect(profile.programs.length).toBeGreaterThan(3);
  });

  test('is not had of what XLA compiles', async () => {
    const compiled = await smallDreamer({ xla: true });
    await expect(compiled.profile(rawPicture(64, 48))).rejects.toMatchObject({
      name: 'RangeError',
      code: 'ERR_LIVEDREAM_OPTION_RANGE',
      message: expect.stringMatching(/'xla'.*false for a profile/),
    });
    await compiled.dispose();
  });

  test('ends with its signal, and leaves a Dreamer that dreams', async () => {
    const picture = rawPicture(400, 300);
    const signal = AbortSignal.timeout(100);
    await expect(dreamer.profile(picture, { octaves: 1, iterations: 1000, signal })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_ABORTED',
    });
    await dreamer.dream(rawPicture(64, 48), { octaves: 1, iterations: 1 });
  });
});

test('operations of one kind are summed up, what took most first', () => {
  const programs: NativeTrace[] = [
    {
      program: 'a step',
      octave: 0,
      iteration: 0,
      operations: [operation('Relu', 0, 1), operation('Conv2D', 0.5, 4.5)],
    },
    { program: 'a step', octave: 0, iteration: 1, operations: [operation('Relu', 5, 8)] },
  ];
  expect(sumByOperation(programs)).toEqual([
    { operation: 'Relu', calls: 2, milliseconds: 4, share: 0.5 },
    { operation: 'Conv2D', calls: 1, milliseconds: 4, share: 0.5 },
  ]);
  expect(sumByOperation([])).toEqual([]);
});
