// The trial's counting, with answers that are made up in the place of a network's.
import { describe, expect, test } from 'vitest';
import { guessFrom } from '../../lib/catalogue/guess.js';
import { CANDIDATES } from '../../lib/catalogue/preprocessing.js';
import { tryCandidates } from '../../lib/catalogue/trial.js';
import type { Dreamer } from '../../lib/dreamer.js';
import { LiveDreamError } from '../../lib/errors.js';
import type { RawPicture } from '../../lib/image/source.js';
import type { Layer } from '../../lib/model/layer.js';
import type { Response } from '../../lib/responses.js';

const layer = (name: string): Layer => ({
  ...{ name, op: 'Relu', channels: 4, stride: 8, leastSize: 1, bytesPerPixel: 1, fixedBytes: 0 },
  beforeActivation: `${name}/BiasAdd`,
});

type Answer = Omit<Response, 'channel'>;
const awake: Answer = { mean: 1, most: 9, meanSquare: 4 };
const silent: Answer = { mean: 0, most: 0, meanSquare: 0 };
const flat: Answer = { mean: 2, most: 2.1, meanSquare: 4.01 };
const broken: Answer = { mean: Number.NaN, most: Number.NaN, meanSquare: Number.NaN };

function network(answers: Readonly<Record<string, readonly Answer[] | Error>>): Pick<Dreamer, 'responses'> {
  return {
    responses: async (name) => {
      const found = answers[name];
      if (found instanceof Error) throw found;
      return (found ?? []).map((answer, channel) => ({ channel, ...answer }));
    },
  };
}

describe('a trial', () => {
  test('counts the channels that are silent, that see nothing but their bias, and that are no numbers', async () => {
    const answers = {
      a: [awake, awake, awake, awake],
      b: [awake, silent, awake, awake],
      c: [flat, broken, awake, silent],
    };
    const { tried, layers } = await tryCandidates(network(answers), ['a', 'b', 'c'].map(layer), CANDIDATES);
    expect(layers).toEqual(['a', 'b', 'c']);
    for (const { idle } of tried) expect(idle).toBeCloseTo((0 + 1 / 4 + 3 / 4) / 3, 10);
  });

  test('leaves out a layer that cannot be shown the picture, and tells how far it is', async () => {
    const bad = new LiveDreamError('ERR_LIVEDREAM_TENSORFLOW', 'No such size.');
    const answers = { a: [silent], bad, b: [awake] };
    const steps: number[] = [];
    const watch = { onStep: (done: number, total: number): unknown => steps.push(done / total) };
    const { tried, layers } = await tryCandidates(network(answers), ['a', 'bad', 'b'].map(layer), CANDIDATES, watch);
    expect(layers).toEqual(['a', 'b']);
    expect(tried[0]?.idle).toBe(0.5);
    expect(steps).toEqual([...steps].sort((one, other) => one - other));
    expect(steps).toHaveLength(2 * CANDIDATES.length);
  });

  test('of no layer at all is a guess by what is usual', async () => {
    const bad = new LiveDreamError('ERR_LIVEDREAM_TENSORFLOW', 'No such size.');
    const trial = await tryCandidates(network({ bad }), [layer('bad')], CANDIDATES);
    const guess = guessFrom(trial, ['bad'], 'centred');
    expect(guess).toMatchObject({ certainty: 'unclear', preprocessing: { mean: 117, scale: 1 }, tried: [] });
    expect(guess.why).toMatch(/No layer could be tried/);
  });

  test('is ended by any other error', async () => {
    const disposed = new LiveDreamError('ERR_LIVEDREAM_DISPOSED', 'Gone.');
    await expect(tryCandidates(network({ a: disposed }), [layer('a')], CANDIDATES)).rejects.toBe(disposed);
  });

  test('shows each preparation of the same picture, in its order of colours', async () => {
    const shown: RawPicture[] = [];
    const spy: Pick<Dreamer, 'responses'> = {
      responses: async (_name, picture) => {
        shown.push(picture as RawPicture);
        return [{ channel: 0, ...awake }];
      },
    };
    await tryCandidates(spy, [layer('a')], CANDIDATES);
    const raw = CANDIDATES.findIndex(({ kind }) => kind === 'raw');
    const original = (shown[raw] as RawPicture).data;
    CANDIDATES.forEach(({ preprocessing: { channelOrder, mean, scale } }, index) => {
      const means = typeof mean === 'number' ? [mean, mean, mean] : mean;
      const first = [0, 1, 2].map((channel) => {
        const from = channelOrder === 'rgb' ? channel : 2 - channel;
        return ((original[from] as number) - (means[channel] as number)) * scale;
      });
      [0, 1, 2].forEach((channel) => {
        expect((shown[index] as RawPicture).data[channel]).toBeCloseTo(first[channel] as number, 3);
      });
    });
  });
});
