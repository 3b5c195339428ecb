import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import packageRoot from '#package-root';
import type { NativeModelSpec, NativeTerm } from '../../lib/binding/native.js';
import { randomNetwork } from '../../tools/graphs/random-network.mjs';
import { smallInception } from '../../tools/graphs/small-inception.mjs';
import { SHARED } from './pictures.js';

const graphs = path.join(packageRoot, '.cache/graphs');

function made(name: string, bytes: Uint8Array): string {
  mkdirSync(graphs, { recursive: true });
  const file = path.join(graphs, `${name}.pb`);
  // Another test file may be reading it.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, bytes);
  renameSync(unfinished, file);
  return file;
}

/** A network with everything a test needs to dream on it. */
export interface TestModel {
  readonly file: string;
  readonly spec: Omit<NativeModelSpec, 'graph'>;
  readonly objective: NativeTerm;
}

const inceptionSpec = { input: 'input', channelOrder: 'rgb', mean: [117, 117, 117], scale: 1 } as const;

/** The generated network that needs nothing from ../shared. */
export function smallModel(): TestModel {
  return {
    file: made('small-inception', smallInception()),
    spec: inceptionSpec,
    objective: { layer: 'mixed3b_3x3_pre_relu', kind: 'channels', weight: 1, channels: [{ channel: 5, weight: 1 }] },
  };
}

/**
 * inception5h's exact structure with random weights; its description stands in ../shared. Filters of positive mean and a whole
 * layer, so that rounding decides little: docs/algorithm.md.
 */
export function inception5hModel(): TestModel {
  const structure = JSON.parse(readFileSync(path.join(SHARED, 'models/inception5h-structure.json'), 'utf8')) as object;
  return {
    file: made('inception5h-random', randomNetwork(structure as Parameters<typeof randomNetwork>[0], 2)),
    spec: inceptionSpec,
    objective: { layer: 'mixed4d', kind: 'layer', weight: 1, channels: [] },
  };
}

export function squeezenetModel(): TestModel {
  return {
    file: path.join(SHARED, 'models/squeezenet_v1.1.pb'),
    spec: { input: 'input', channelOrder: 'bgr', mean: [103.939, 116.779, 123.68], scale: 1 },
    objective: { layer: 'fire5/concat', kind: 'layer', weight: 1, channels: [] },
  };
}

/** @param channels the second of half the weight of the first, the third of a third; none for the whole layer */
export function inceptionV3Model(layer: string, channels: readonly number[]): TestModel {
  return {
    file: path.join(SHARED, 'models/inception_v3_2015.pb'),
    spec: { input: 'input', channelOrder: 'rgb', mean: [127.5, 127.5, 127.5], scale: 2 / 255 },
    objective: {
      layer,
      kind: channels.length === 0 ? 'layer' : 'channels',
      weight: 1,
      channels: channels.map((channel, place) => ({ channel, weight: 1 / (place + 1) })),
    },
  };
}
