import { expect, test } from 'vitest';
import { readDescriptionFlags, readModelFlags } from '../../lib/cli/model-flags.js';

test('flags say what is known of a model', () => {
  const flags = {
    model: 'net.pb',
    input: 'images',
    signature: 'serving',
    feed: ['keep_prob=0.5', 'training=false', 'size=224,112', 'name=with=sign=1'],
    channelOrder: 'bgr',
    mean: '104, 117,123',
    scale: '0.017',
  } as const;
  const described = {
    input: 'images',
    signature: 'serving',
    feeds: { keep_prob: 0.5, training: false, size: [224, 112], 'name=with=sign': 1 },
    preprocessing: { channelOrder: 'bgr', mean: [104, 117, 123], scale: 0.017 },
  };
  const { model, ...rest } = flags;
  expect(readDescriptionFlags(rest)).toEqual(described);
  expect(readModelFlags(flags)).toEqual({ graph: model, ...described });
});

test('one mean is that of all colours, and what is not said is left out', () => {
  expect(readDescriptionFlags({ mean: '117' })).toEqual({ preprocessing: { mean: 117 } });
  expect(readDescriptionFlags({})).toEqual({});
  expect(readModelFlags({ model: 'inception5h' })).toBe('inception5h');
  expect(readModelFlags({})).toBeUndefined();
});

test.each([
  [{ mean: '1,2' }, /'mean' must be one number or three.*"1,2"/],
  [{ mean: '1,2,3,4' }, /'mean' must be one number or three/],
  [{ mean: '1,,3' }, /'mean' must be a number/],
  [{ mean: 'grey' }, /'mean' must be a number.*"grey"/],
  [{ scale: '' }, /'scale' must be a number/],
  [{ scale: 'Infinity' }, /'scale' must be a number.*"Infinity"/],
  [{ feed: ['keep_prob'] }, /'feed' must be such as 'keep_prob=1'.*"keep_prob"/],
  [{ feed: ['=1'] }, /'feed' must be such as 'keep_prob=1'/],
  [{ feed: ['size=1,two'] }, /'feed' must be a number, true or false.*"two"/],
])('%j is refused', (flags, said) => {
  expect(() => readModelFlags({ model: 'net.pb', ...flags })).toThrow(said);
});

test('what describes a model is refused without one', () => {
  expect(() => readModelFlags({ mean: '117' })).toThrow(/'model' must be given together with --input/);
});
