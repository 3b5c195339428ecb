// Frozen graphs of a given structure with random weights: for tests and measurements, where only the structure counts.
import { GraphDef } from './graph-def.mjs';
import { seedOf, uniform } from './random.mjs';

/** He's variance for uniform weights, sqrt(6 / fan-in), so that activations neither vanish nor explode; small biases. */
function weights(name, shape) {
  const random = uniform(seedOf(name));
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const bound = shape.length === 1 ? 0.1 : Math.sqrt(6 / fanIn);
  for (let index = 0; index < values.length; index += 1) values[index] = (2 * random() - 1) * bound;
  return values;
}

/**
 * @param {{ ops: object[], weights: Record<string, { shape: number[] }> }} structure as in inception5h-structure.json
 * @returns {Buffer} a serialized GraphDef
 */
export function randomNetwork(structure) {
  const graph = new GraphDef();
  const weight = (name) =>
    graph.constant(name, structure.weights[name].shape, weights(name, structure.weights[name].shape));
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
