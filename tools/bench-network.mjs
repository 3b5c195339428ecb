import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomNetwork } from './graphs/random-network.mjs';

const root = path.resolve(import.meta.dirname, '..');
const structure = path.resolve(root, '../shared/models/inception5h-structure.json');

/** Whether inception5h's structure is on this machine. */
export const hasInception5h = existsSync(structure);

/** inception5h's structure with random weights, as `Dreamer.load` takes it. */
export function inception5h() {
  const graph = path.join(root, '.cache/graphs/inception5h-bench.pb');
  mkdirSync(path.dirname(graph), { recursive: true });
  if (!existsSync(graph)) writeFileSync(graph, randomNetwork(JSON.parse(readFileSync(structure, 'utf8'))));
  const preprocessing = { channelOrder: 'rgb', mean: 117, scale: 1 };
  return { graph, input: 'input', preprocessing, defaultLayer: 'mixed4d_3x3_bottleneck_pre_relu' };
}
