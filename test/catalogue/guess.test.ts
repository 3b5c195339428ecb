import { describe, expect, test } from 'vitest';
import { chooseDefaultLayer } from '../../lib/catalogue/default-layer.js';
import { candidatesFor, guessFrom } from '../../lib/catalogue/guess.js';
import { asFlags, CANDIDATES, type PreprocessingKind } from '../../lib/catalogue/preprocessing.js';
import type { Layer } from '../../lib/model/layer.js';

/** What a trial finds, by kinds. */
function trial(idle: Readonly<Record<PreprocessingKind, number>>): Parameters<typeof guessFrom>[0] {
  return { layers: ['a', 'b'], tried: CANDIDATES.map((candidate) => ({ candidate, idle: idle[candidate.kind] })) };
}

describe('a guess', () => {
  test('is clear where one kind wakes far more channels than any other', () => {
    const guess = guessFrom(trial({ signed: 0.01, unsigned: 0.05, centred: 0.2, raw: 0.3 }), [], 'centred');
    expect(guess).toMatchObject({ certainty: 'clear', preprocessing: { mean: 127.5 } });
    expect(guess.tried.map(({ idle }) => idle)).toEqual([0.01, 0.01, 0.05, 0.2, 0.2, 0.2, 0.3]);
  });

  test('is the usual kind where that is as good as any', () => {
    const guess = guessFrom(trial({ signed: 0.1, unsigned: 0.3, centred: 0.11, raw: 0.3 }), [], 'centred');
    expect(guess).toMatchObject({ certainty: 'unclear', preprocessing: { mean: 117 } });
  });

  test('is not the usual kind where that is far worse, though two others are alike', () => {
    const guess = guessFrom(trial({ signed: 0.01, unsigned: 0.011, centred: 0.4, raw: 0.3 }), [], 'centred');
    expect(guess).toMatchObject({ certainty: 'unclear', preprocessing: { mean: 127.5 } });
  });

  test('of a network in which nothing is idle is none', () => {
    const guess = guessFrom(trial({ signed: 0, unsigned: 0, centred: 0, raw: 0 }), [], 'signed');
    expect(guess).toMatchObject({ certainty: 'unclear', preprocessing: { mean: 127.5 } });
  });

  test('tries each preprocessing once, in an order of colours that is given', () => {
    for (const order of ['rgb', 'bgr'] as const) {
      const candidates = candidatesFor(order);
      const flags = candidates.map(({ preprocessing }) => asFlags(preprocessing));
      expect(new Set(flags).size).toBe(candidates.length);
      expect(candidates).toHaveLength(6);
    }
    expect(candidatesFor('bgr').map(({ preprocessing }) => asFlags(preprocessing))).toContain(
      '--mean 103.53,116.28,123.675 --scale 0.017352 --channel-order bgr',
    );
  });
});

describe('the default layer', () => {
  const layer = (name: string, op: string, more: Partial<Layer> = {}): Layer => ({
    ...{ name, op, channels: 64, stride: 8, leastSize: 1, bytesPerPixel: 1, fixedBytes: 0 },
    ...more,
  });

  test('is a join three fifths of the way', () => {
    const joins = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((name) => [
      layer(`${name}/Relu`, 'Relu'),
      layer(name, 'ConcatV2'),
    ]);
    expect(chooseDefaultLayer(joins)?.name).toBe('d');
    const sums = joins.map((each) => (each.op === 'ConcatV2' ? { ...each, op: 'AddV2' } : each));
    expect(chooseDefaultLayer(sums)?.name).toBe('d');
  });

  test('is before its activation where there are no joins, or none where there are no layers', () => {
    const plain = [1, 2, 3, 4, 5].flatMap((number) => [
      layer(`${number}/BiasAdd`, 'BiasAdd'),
      layer(`${number}/Relu`, 'Relu', { beforeActivation: `${number}/BiasAdd` }),
    ]);
    expect(chooseDefaultLayer(plain)?.name).toBe('3/BiasAdd');
    expect(chooseDefaultLayer([layer('only', 'Conv2D', { channels: 3 })])?.name).toBe('only');
    expect(chooseDefaultLayer([])).toBeUndefined();
  });
});
