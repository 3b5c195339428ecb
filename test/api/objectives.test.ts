// Sums of terms as a user asks for them: what they are when there is one, in batches, in streams, and again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dream } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { TermOptions } from '../../lib/options/terms.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { meanDifference, meanMagnitude } from '../support/pictures.js';

const picture = rawPicture(64, 48);
const STEPS = { octaves: 1, iterations: 3 } as const;
const TERMS: readonly TermOptions[] = [
  { layer: 'mixed3a', weight: 0.5 },
  { layer: 'mixed3b', channels: [2, { channel: 5, weight: -0.5 }], weight: 2 },
];
const bytesOf = ({ data }: Pick<Dream, 'data'>): Buffer => Buffer.from(data);

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(() => dreamer.dispose());

test('one term is, byte for byte, the dream of the option that says the same', async () => {
  const same: readonly (readonly [TermOptions, object])[] = [
    [{ layer: 'mixed3b' }, { layer: 'mixed3b' }],
    [
      { layer: 'mixed3b', channel: 3 },
      { layer: 'mixed3b', channel: 3 },
    ],
    [
      { layer: 'mixed3b', channels: [1, 2] },
      { layer: 'mixed3b', channels: [1, 2] },
    ],
  ];
  for (const [term, options] of same) {
    const one = await dreamer.dream(picture, { objective: [term], ...STEPS });
    expect(bytesOf(one)).toEqual(bytesOf(await dreamer.dream(picture, { ...options, ...STEPS })));
    expect(one.objectives).toEqual((await dreamer.dream(picture, { ...options, ...STEPS })).objectives);
  }
});

test('a direction is the channels that it has numbers for', async () => {
  const channels = dreamer.layers().find(({ name }) => name === 'mixed3b')?.channels ?? 0;
  const direction = Float32Array.from({ length: channels }, (_, channel) =>
    channel === 4 ? 2 : channel === 6 ? -1 : 0,
  );
  const one = await dreamer.dream(picture, { objective: [{ layer: 'mixed3b', direction }], ...STEPS });
  const weighted = [
    { channel: 4, weight: 2 },
    { channel: 6, weight: -1 },
  ];
  const other = await dreamer.dream(picture, { layer: 'mixed3b', channels: weighted, ...STEPS });
  expect(bytesOf(one)).toEqual(bytesOf(other));
});

test('weights count, and not how long a direction is', async () => {
  const gradient = async (...objective: TermOptions[]): Promise<Float32Array> =>
    (await dreamer.gradient(picture, { objective })).data;
  const [near, far] = TERMS as [TermOptions, TermOptions];
  const sum = await gradient(near, far);
  const longer = {
    ...far,
    channels: [
      { channel: 2, weight: 30 },
      { channel: 5, weight: -15 },
    ],
  } as TermOptions;
  expect(meanDifference(await gradient(near, longer), sum) / meanMagnitude(sum)).toBeLessThan(1e-5);
  const twice = await gradient({ ...near, weight: 1 } as TermOptions, { ...far, weight: 4 } as TermOptions);
  expect(
    meanDifference(
      twice,
      sum.map((value) => 2 * value),
    ) / meanMagnitude(twice),
  ).toBeLessThan(1e-5);
  const stronger = await gradient(near, { ...far, weight: 4 } as TermOptions);
  expect(meanDifference(stronger, sum) / meanMagnitude(sum)).toBeGreaterThan(0.1);
});

test('terms of one weight push about as hard on layers whose answers are far apart', async () => {
  const lengths: number[] = [];
  const none = { layer: 'conv2d0', channel: 0, weight: 1e-6 };
  for (const layer of ['conv2d2', 'mixed3a', 'mixed3b']) {
    const { data } = await dreamer.gradient(picture, { objective: [{ layer, weight: 1 }, none] });
    lengths.push(Math.hypot(...data));
  }
  expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(4);
});

test('a negative weight avoids what the positive one seeks', async () => {
  const of = async (weight: number): Promise<readonly number[]> =>
    (
      await dreamer.dream(picture, {
        objective: [{ layer: 'mixed3b', channel: 3, weight }],
        octaves: 1,
        iterations: 6,
        step: 0.1,
        jitter: false,
      })
    ).objectives;
  const [up, down] = [await of(1), await of(-1)];
  expect(down[0]).toBeCloseTo(-(up[0] as number), 5);
  expect(up.at(-1) as number).toBeGreaterThan(up[0] as number);
  expect(-(down.at(-1) as number)).toBeLessThan(-(down[0] as number));
});

test('the parameters make the dream again, by way of JSON, and say that an older livedream cannot', async () => {
  const dream = await dreamer.dream(picture, { objective: TERMS, ...STEPS });
  const parameters = JSON.parse(JSON.stringify(dream.parameters)) as typeof dream.parameters;
  const again = await dreamer.dream(picture, parameters);
  expect(bytesOf(again)).toEqual(bytesOf(dream));
  expect(again.parameters).toEqual(dream.parameters);
  expect(parameters.objective).toMatchObject([{ layer: 'mixed3a', weight: 0.5 }, { weight: 2 }]);
  expect(dream.pictureParameters()).toMatchObject({ record: 2 });
  expect((await dreamer.dream(picture, { layer: 'mixed3b', ...STEPS })).pictureParameters()).toMatchObject({
    record: 1,
  });
  // One that is put among the parameters counts first.
  const other = await dreamer.dream(picture, { ...parameters, objective: [{ layer: 'mixed3b' }] });
  expect(bytesOf(other)).not.toEqual(bytesOf(dream));
});

test('batches, tiles, variations and streams climb sums too', async () => {
  const alone = await dreamer.dream(picture, { objective: TERMS, ...STEPS, batch: 1 });
  const close = (dream: Pick<Dream, 'data'>): void =>
    expect(meanDifference(Float32Array.from(dream.data), Float32Array.from(alone.data))).toBeLessThan(0.2);
  for await (const { dream } of dreamer.dreamAll([picture, picture, picture], { objective: TERMS, ...STEPS, batch: 3 }))
    close(dream as Dream);
  const kinds = [
    { objective: TERMS },
    { objective: TERMS.map((term) => ({ ...term, weight: 1 })) },
    { layer: 'mixed3b' },
  ];
  const varied = new Map<number, Dream>();
  for await (const { index, dream } of dreamer.variations(picture, kinds, STEPS)) varied.set(index, dream);
  close(varied.get(0) as Dream);
  expect(bytesOf(varied.get(1) as Dream)).not.toEqual(bytesOf(varied.get(0) as Dream));
  for await (const frame of dreamer.stream([picture], { objective: TERMS, ...STEPS, coherence: false })) close(frame);
  const tiled = await dreamer.dream(picture, { objective: TERMS, ...STEPS, tileSize: 32 });
  expect(tiled.objectives.at(-1) as number).toBeGreaterThan(tiled.objectives[0] as number);
});

test('equalize is for the whole layers of a sum, and refused where it has none', async () => {
  const even = await dreamer.dream(picture, { objective: TERMS, equalize: 'positions', ...STEPS });
  expect(bytesOf(even)).not.toEqual(bytesOf(await dreamer.dream(picture, { objective: TERMS, ...STEPS })));
  await expect(
    dreamer.dream(picture, { objective: [{ layer: 'mixed3b', channel: 1 }], equalize: 'positions' }),
  ).rejects.toThrow(/'equalize' must be left out/);
});

test('what the network does not have is refused with the field', async () => {
  await expect(dreamer.dream(picture, { objective: [{ layer: 'mixed3b' }, { layer: 'mixed3' }] })).rejects.toThrow(
    /'objective\[1\]\.layer': The network has no layer 'mixed3'/,
  );
  await expect(dreamer.dream(picture, { objective: [{ layer: 'mixed3b', channel: 9999 }] })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_CHANNEL_RANGE',
  });
});
