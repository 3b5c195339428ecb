import { attribute } from '../../tools/graphs/graph-def.mjs';
import { FLOAT, Network } from './derivative.js';

/** What a plan's objective is of {@link networkWithHead}, unless a test says otherwise. */
export const WITH_HEAD = {
  file: '',
  spec: { input: 'input', channelOrder: 'rgb', mean: [110, 120, 130], scale: 1 / 32 },
  objective: { layer: 'logits', kind: 'channels', weight: 1, channels: [{ channel: 2, weight: 1 }] },
} as const;

export const CLASSES = 5;

function dense(network: Network, name: string, input: string, inputs: number): string {
  const weights = network.weights(`${name}/w`, [inputs, CLASSES]);
  return network.biasAdd(
    name,
    network.node('MatMul', `${name}/matmul`, [input, weights], { T: FLOAT }),
    network.weights(`${name}/b`, [CLASSES]),
  );
}

/** A picture's side for which the dense matrix behind the flatten of {@link networkWithHead} was made. */
export const FLAT_SIDE = 32;

/**
 * A network whose 'near' of 12 channels and 'far' of 8 have heads of five classes: 'logits' behind a global pool, with
 * 'probabilities' of them, and where `flat` is said 'flat/logits' behind a flatten.
 */
export function networkWithHead({ flat = false, batch = -1 } = {}): Uint8Array {
  const network = new Network();
  const input = network.placeholder('input', [batch, -1, -1, 3]);
  const near = network.relu('near', network.conv2d('a', input, network.weights('a/w', [3, 3, 3, 12]), [2, 2], 'same'));
  const far = network.relu('far', network.conv2d('b', near, network.weights('b/w', [3, 3, 12, 8]), [2, 2], 'same'));
  const types = { T: FLOAT, Tidx: attribute.type(3) };
  const pooled = network.node('Mean', 'pooled', [far, network.integers('pooled/axes', [2], [1, 2])], types);
  network.node('Softmax', 'probabilities', [dense(network, 'logits', pooled, 8)], { T: FLOAT });
  if (flat) {
    const shape = network.integers('flat/shape', [2], [1, -1]);
    const flattened = network.node('Reshape', 'flat', [far, shape], { T: FLOAT, Tshape: attribute.type(3) });
    dense(network, 'flat/logits', flattened, (FLAT_SIDE / 4) ** 2 * 8);
  }
  return network.bytes();
}
