// The networks that benchmarks run: a file, how its picture is prepared, and what is dreamed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomNetwork } from '../graphs/random-network.mjs';
import { smallInception } from '../graphs/small-inception.mjs';

export const root = path.resolve(import.meta.dirname, '../..');
const shared = path.resolve(root, '../shared/models');
export const DEFAULT_MODEL = existsSync(shared) ? 'inception5h' : 'small';

function made(name, bytes) {
  const file = path.join(root, '.cache/graphs', `${name}.pb`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const rgb = { input: 'input', channelOrder: 'rgb' };
const channelOf = (layer, channel) => ({ layer, kind: 'channels', weight: 1, channels: [{ channel, weight: 1 }] });

/** Each is made or found when it is asked for. */
export const MODELS = {
  inception5h: () => ({
    file: made(
      'inception5h-bench',
      randomNetwork(JSON.parse(readFileSync(path.join(shared, 'inception5h-structure.json'), 'utf8'))),
    ),
    spec: { ...rgb, mean: [117, 117, 117], scale: 1 },
    objective: channelOf('mixed4d_3x3_bottleneck_pre_relu', 139),
  }),
  inception_v3: () => ({
    file: path.join(shared, 'inception_v3_2015.pb'),
    spec: { ...rgb, mean: [127.5, 127.5, 127.5], scale: 2 / 255 },
    objective: { layer: 'mixed_3/join', kind: 'layer', weight: 1, channels: [] },
  }),
  squeezenet: () => ({
    file: path.join(shared, 'squeezenet_v1.1.pb'),
    spec: { input: 'input', channelOrder: 'bgr', mean: [103.939, 116.779, 123.68], scale: 1 },
    objective: { layer: 'fire5/concat', kind: 'layer', weight: 1, channels: [] },
  }),
  small: () => ({
    file: made('small-inception', smallInception()),
    spec: { ...rgb, mean: [117, 117, 117], scale: 1 },
    objective: channelOf('mixed3b_3x3_pre_relu', 5),
  }),
};
