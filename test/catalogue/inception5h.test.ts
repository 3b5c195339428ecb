// The description of inception5h, on a network of its exact structure with random weights.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { checkDescription } from '../../lib/model/description.js';
import { inception5hModel } from '../support/models.js';
import { SAMPLE, SHARED } from '../support/pictures.js';

const STRUCTURE = path.join(SHARED, 'models/inception5h-structure.json');
const { name, fetch, sha256, ...described } = checkDescription(
  JSON.parse(readFileSync(path.join(packageRoot, 'models/inception5h/model.json'), 'utf8')),
  'of inception5h',
);

test('its archive is the official one', () => {
  expect(name).toBe('inception5h');
  expect(fetch?.url).toBe('https://storage.googleapis.com/download.tensorflow.org/models/inception5h.zip');
  const known = existsSync(STRUCTURE) ? (JSON.parse(readFileSync(STRUCTURE, 'utf8')) as { sha256: string }) : fetch;
  expect(fetch?.sha256).toBe(known?.sha256);
  expect(described).toMatchObject({ licence: 'Apache-2.0', input: 'input', preprocessing: { mean: 117, scale: 1 } });
});

describe.skipIf(!existsSync(STRUCTURE))(
  'on a network of its structure (shared/models/inception5h-structure.json)',
  () => {
    let dreamer: Dreamer;
    beforeAll(async () => {
      dreamer = await Dreamer.load({ model: { ...described, graph: inception5hModel().file }, device: 'cpu' });
    });
    afterAll(() => dreamer.dispose());

    const CHANNELS = { tornado: 84, flowers: 139, fireworks: 50, caves: 38, mountains: 142, 'van-gogh': 1 };

    test.each(Object.entries(CHANNELS))("the seed's filter %s is channel %i of its layer", (filter, channel) => {
      expect(dreamer.filters()[filter]).toEqual({ layer: 'mixed4d_3x3_bottleneck_pre_relu', channel });
    });

    test('every filter, and the default layer, is there', async () => {
      const layers = await dreamer.allLayers();
      const channelsOf = (layer: string): number => layers.find((each) => each.name === layer)?.channels ?? 0;
      expect(channelsOf(described.defaultLayer ?? '')).toBe(144);
      expect(Object.keys(dreamer.filters())).toContain(described.defaultFilter);
      for (const { layer, channel } of Object.values(dreamer.filters()))
        expect(channelsOf(layer)).toBeGreaterThan(typeof channel === 'number' ? channel : 0);
    });

    test.each(['flowers', 'mixed4c'])('a few steps of the filter %s change the picture', async (filter) => {
      const small = { size: 120, octaves: 2, iterations: 2 };
      const dream = await dreamer.dream(SAMPLE, filter === described.defaultFilter ? small : { ...small, filter });
      expect(dream.parameters).toMatchObject({ filter });
      expect(dream.warnings).toEqual([]);
    });
  },
);
