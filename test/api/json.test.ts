// A dream's record: as JSON, and as the options of the next dream.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DreamAgain, DreamJson } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { DreamOptions } from '../../lib/options/dream-options.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { smallModel } from '../support/models.js';
import { SAMPLE } from '../support/pictures.js';

const LARGE = 2n ** 64n - 1n;

let dreamer: Dreamer;
beforeAll(async () => {
  const filters = { few: { layer: 'mixed3a', channels: [1, { channel: 2, weight: -0.5 }], options: { step: 3 } } };
  dreamer = await smallDreamer({ model: { graph: smallModel().file, defaultLayer: 'mixed3b', filters } });
});
afterAll(async () => dreamer.dispose());

function throughJson<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe('JSON.stringify', () => {
  test('of a dream tells everything but its pixels', async () => {
    const dream = await dreamer.dream(rawPicture(64, 48), { octaves: 2, iterations: 2, seed: LARGE });
    const { width, height, device, xla, loop, precision, rewrites, why, objectives, timings } = dream;
    expect(throughJson<DreamJson>(dream)).toEqual({
      ...{ width, height, channels: 3, device, xla, loop, precision, rewrites, why, objectives, timings, warnings: [] },
      objective: objectives[3],
      parameters: { ...dream.parameters, seed: LARGE.toString() },
    });
    expect(JSON.stringify(dream).length).toBeLessThan(3000);
  });

  test('of parameters and timings works, whatever the seed', async () => {
    const seeds = [0n, 7, 2n ** 53n - 1n, 2n ** 53n, LARGE];
    const told = [];
    for (const seed of seeds) {
      const { parameters, timings } = await dreamer.dream(rawPicture(64, 48), { octaves: 1, iterations: 1, seed });
      expect(parameters.seed).toBe(BigInt(seed));
      expect(throughJson(timings)).toEqual(timings);
      told.push(throughJson<DreamAgain>(parameters).seed);
    }
    expect(told).toEqual([0, 7, 2 ** 53 - 1, '9007199254740992', LARGE.toString()]);
  });

  test('of parameters has every option that made the dream, and nothing else may be seen', async () => {
    const options = { octaves: 1, iterations: 1, size: 60, depth: 'float32' } as const;
    const { parameters } = await dreamer.dream(SAMPLE, options);
    expect(parameters).toMatchObject({
      ...options,
      octaveScale: 1.4,
      step: 1.5,
      tileSize: 512,
      jitter: true,
      seed: 0n,
    });
    expect(Object.keys(parameters)).not.toContain('toJSON');
    expect(Object.keys(parameters)).not.toContain('page');
    expect(structuredClone(parameters)).toEqual(parameters);
  });
});

describe('parameters as options', () => {
  const MADE: readonly (readonly [string, DreamOptions])[] = [
    ['a layer, resized, with a large seed', { layer: 'mixed3a', size: 60, seed: LARGE }],
    [
      'weighted channels',
      { layer: 'mixed3a', channels: [4, { channel: 5, weight: 0.25 }], size: 70, depth: 'float32' },
    ],
    ['a filter with options of its own', { filter: 'few', size: 80, tileSize: 64 }],
    ["the model's default", { size: 90, octaveScale: 1.3, jitter: false }],
  ];
  for (const [what, options] of MADE) {
    test(`make the same dream again: ${what}`, async () => {
      const first = await dreamer.dream(SAMPLE, { octaves: 2, iterations: 2, ...options });
      for (const again of [first.parameters, throughJson<DreamAgain>(first.parameters)]) {
        const second = await dreamer.dream(SAMPLE, again);
        expect(Buffer.from(second.data.buffer).equals(Buffer.from(first.data.buffer))).toBe(true);
        expect(second.parameters).toEqual(first.parameters);
      }
    });
  }

  test('may be changed, and go with a signal and another picture', async () => {
    const { parameters } = await dreamer.dream(rawPicture(64, 48), { octaves: 2, iterations: 1 });
    const other = await dreamer.dream(rawPicture(80, 70), { ...parameters, iterations: 3, seed: '9' });
    expect(other.parameters).toEqual({ ...parameters, iterations: 3, seed: 9n, width: 80, height: 70 });
    const signal = AbortSignal.abort();
    await expect(dreamer.dream(SAMPLE, { ...parameters, signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('of another model, or damaged, are refused', async () => {
    const { parameters } = await dreamer.dream(rawPicture(64, 48), { octaves: 1, iterations: 1 });
    const WRONG: readonly (readonly [object, RegExp])[] = [
      [{ modelSha256: 'ab' }, /'modelSha256' must be that of this Dreamer's model .* but is "ab"/],
      [{ objective: 'all' }, /'objective' must be an object/],
      [{ objective: { kind: 'none' } }, /'objective.kind' must be 'channels' or 'layer'/],
      [{ objective: { kind: 'channels', layer: 'mixed3a', channels: 7 } }, /'channels' must be an array/],
      [{ octave: 7 }, /'octave'.*'octaves'/],
    ];
    for (const [change, says] of WRONG)
      await expect(dreamer.dream(SAMPLE, { ...parameters, ...change } as DreamAgain)).rejects.toThrow(says);
    // Without its mark this is no record, and a size or a model no option of a dream.
    for (const option of [{ width: 7 }, { model: 'net.pb' }])
      await expect(dreamer.dream(SAMPLE, option as DreamOptions)).rejects.toThrow(/there is no such option/);
  });
});
