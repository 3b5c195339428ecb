import { Network } from './derivative.js';

/** The network of {@link twoLayers}, as plans and the Python reference take it. */
export const TWO_LAYERS = {
  file: '',
  spec: { input: 'input', channelOrder: 'rgb', mean: [110, 120, 130], scale: 4 },
  objective: { layer: 'far', kind: 'layer', weight: 1, channels: [] },
} as const;

/** Two layers, 'near' with 12 channels and 'far' with 8; of 45 x 38 pixels 23 x 19 and 12 x 10 positions, which do not divide it evenly. */
export function twoLayers(): Uint8Array {
  const network = new Network();
  const input = network.placeholder('input');
  const near = network.relu('near', network.conv2d('a', input, network.weights('a/w', [3, 3, 3, 12]), [2, 2], 'same'));
  const weights = network.weights('b/w', [3, 3, 12, 8]);
  network.relu('far', network.conv2d('b', near, weights, [2, 2], 'same'));
  return network.bytes();
}
