// A small network in the manner of inception5h (7x7 stem with stride 2, pooling, LRN, branches joined by TF1's Concat), for
// tests that run everywhere. 60,000 weights.
import { randomNetwork } from './random-network.mjs';

const ops = [{ op: 'input', name: 'input' }];
const weights = {};

function conv(name, input, size, from, to, stride = 1) {
  weights[`${name}_w`] = { shape: [size, size, from, to] };
  weights[`${name}_b`] = { shape: [to] };
  const strides = [stride, stride];
  ops.push(
    { op: 'conv2d', name: `${name}_pre_relu/conv`, input, filter: `${name}_w`, strides, pad: 'same' },
    { op: 'biasAdd', name: `${name}_pre_relu`, input: `${name}_pre_relu/conv`, bias: `${name}_b` },
    { op: 'relu', name, input: `${name}_pre_relu` },
  );
  return name;
}

function pool(name, input, stride) {
  ops.push({ op: 'maxPool', name, input, ksize: [3, 3], strides: [stride, stride], pad: 'same' });
  return name;
}

function lrn(name, input) {
  ops.push({ op: 'lrn', name, input, depthRadius: 5, bias: 2, alpha: 1e-4, beta: 0.5 });
  return name;
}

function mixed(name, input, from) {
  const branches = [
    conv(`${name}_1x1`, input, 1, from, 16),
    conv(`${name}_3x3`, conv(`${name}_3x3_bottleneck`, input, 1, from, 16), 3, 16, 32),
    conv(`${name}_5x5`, conv(`${name}_5x5_bottleneck`, input, 1, from, 4), 5, 4, 8),
    conv(`${name}_pool_reduce`, pool(`${name}_pool`, input, 1), 1, from, 8),
  ];
  ops.push({ op: 'concat', name, inputs: branches, axis: 3 });
  return name;
}

const stem = lrn('localresponsenorm0', pool('maxpool0', conv('conv2d0', 'input', 7, 3, 16, 2), 2));
const second = pool(
  'maxpool1',
  lrn('localresponsenorm1', conv('conv2d2', conv('conv2d1', stem, 1, 16, 16), 3, 16, 32)),
  2,
);
mixed('mixed3b', mixed('mixed3a', second, 32), 64);

/** @returns {Buffer} */
export function smallInception() {
  return randomNetwork({ ops, weights });
}
