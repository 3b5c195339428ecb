// Frozen graphs of a given structure with random weights: for tests and measurements, where only the structure counts.
import { GraphDef } from './graph-def.mjs';
import { seedOf, uniform } from './random.mjs';

/**
 * Uniform weights of a spread at which activations neither vanish nor explode; small biases. Zero mean: He's sqrt(6 / fan-in).
 * The mean, in 1 / fan-in, keeps units away from Relu's edge, where rounding decides; the bound is then
 * sqrt(3 / 1.92 / fan-in): Relu's mean square one deviation above its edge is 1.92 variances, at it 0.5.
 */
function weights(name, shape, mean) {
  const random = uniform(seedOf(name));
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const isBias = shape.length === 1;
  const bound = isBias ? 0.1 : Math.sqrt((mean === 0 ? 6 : 1.56) / fanIn);
  const offset = isBias ? 0 : mean / fanIn;
  for (let index = 0; index < values.length; index += 1) values[index] = (2 * random() - 1) * bound + offset;
  return values;
}

/**
 * @param {{ ops: object[], weights: Record<string, { shape: number[] }> }} structure as in inception5h-structure.json
 * @param {number} mean of each filter, in 1 / fan-in; 0 gives the least coherent network
 * @returns {Buffer} a serialized GraphDef
 */
export function randomNetwork(structure, mean = 0) {
  const graph = new GraphDef();
  const weight = (name) =>
    graph.constant(name, structure.weights[name].shape, weights(name, structure.weights[name].shape, mean));
  for (const op of structure.ops) {
    switch (op.op) {
      case 'input':
        graph.placeholder(op.name);
        break;
      case 'conv2d':
        graph.conv2d(op.name, op.input, weight(op.filter), op.strides, op.pad);
        break;
      case 'biasAdd':
        graph.biasAdd(op.name, op.input, weight(op.bias));
        break;
      case 'relu':
        graph.relu(op.name, op.input);
        break;
      case 'maxPool':
        graph.maxPool(op.name, op.input, op.ksize, op.strides, op.pad);
        break;
      case 'lrn':
        graph.lrn(op.name, op.input, op);
        break;
      case 'concat':
        graph.concat(op.name, op.inputs, op.axis);
        break;
      default:
        throw new Error(`unknown operation ${op.op}`);
    }
  }
  return graph.bytes();
}
