// kernel_rewrites.h lays the mask of a Relu on as a gradient is written, and leaves the Relu's own out: only where that gradient
// is by the Relu's very output.
import { expect, test } from 'vitest';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import { type Case, expectDerivative, FLOAT, functionOf, type Network, SAME, window } from '../support/derivative.js';
import { modeOf } from '../support/engine.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';

const relu = (network: Network, x: string, name = 'relu'): string => network.node('Relu', name, [x], { T: FLOAT });
const same = (network: Network, x: string, name = 'same'): string => network.node('Identity', name, [x], { T: FLOAT });
const pool = (network: Network, x: string, name = 'out'): string =>
  network.node('MaxPool', name, [x], { ...window(3, 2), ...SAME });
const response = (network: Network, x: string, name = 'out'): string => network.node('LRN', name, [x], { T: FLOAT });
const biased = (network: Network, x: string): string => {
  const bias = network.constant('bias', [8], new Float32Array(8).fill(0.3));
  return network.node('BiasAdd', 'biased', [x, bias], { T: FLOAT });
};
const joined = (network: Network, parts: readonly string[], name = 'out'): string => {
  const axis = network.integers(`${name}/axis`, [], [3]);
  const attributes = { T: FLOAT, N: attribute.integer(parts.length), Tidx: attribute.type(3) };
  return network.node('ConcatV2', name, [...parts, axis], attributes);
};

const CASES: Readonly<Record<string, Case['build']>> = {
  'a pool behind a Relu': (network, x) => pool(network, relu(network, x)),
  'a pool behind an Identity of a Relu': (network, x) => pool(network, same(network, relu(network, x))),
  'a pool behind a bias behind a Relu': (network, x) => pool(network, biased(network, relu(network, x))),
  'LRN behind a Relu': (network, x) => response(network, relu(network, x)),
  'LRN behind an Identity of a Relu': (network, x) => response(network, same(network, relu(network, x))),
  'a concatenation of a Relu, an Identity of it, and what is no Relu': (network, x) => {
    const positive = relu(network, x);
    joined(network, [positive, same(network, positive), x]);
  },
  'a Relu with five users, some of which mask': (network, x) => {
    const positive = relu(network, x);
    const parts = [
      pool(network, positive, 'a'),
      pool(network, positive, 'b'),
      pool(network, same(network, positive), 'c'),
    ];
    joined(network, [...parts, response(network, pool(network, positive, 'd'), 'e'), pool(network, x, 'f')]);
  },
  'a Relu of a Relu': (network, x) => pool(network, relu(network, relu(network, x), 'second')),
};

test.each(Object.entries(CASES))('%s', async (_name, build) => {
  const each: Case = { width: 23, height: 18, build, within: 3e-2 };
  const picture = madePicture(each.width, each.height);
  const rewritten = await functionOf(each, modeOf(false));
  const plain = await functionOf(each, { ...modeOf(false), rewrites: [] });
  const [found, expected] = [await rewritten.at(picture), await plain.at(picture)];
  expect(meanMagnitude(expected.data)).toBeGreaterThan(0);
  expect(meanDifference(found.data, expected.data) / meanMagnitude(expected.data)).toBeLessThan(1e-5);
  await rewritten.dispose();
  await plain.dispose();
  await expectDerivative(each);
});
