// A dream whose objective has no slope leaves the picture as it was, and says so.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { livedreamIn } from '../support/cli.js';
import { madePicture } from '../support/pictures.js';

const FLOAT = attribute.type(1);

/** A Relu whose channel 0 answers everywhere, 1 nowhere and 2 not on dark pictures; behind it a pool and a sum. */
function network(): Uint8Array {
  const graph = new GraphDef();
  const input = graph.placeholder('input');
  const filter = graph.constant('filter', [1, 1, 3, 3], Float32Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0));
  const pre = graph.biasAdd(
    'pre',
    graph.conv2d('conv', input, filter),
    graph.constant('b', [3], Float32Array.of(300, -9, -200)),
  );
  const pooled = graph.maxPool('pool', graph.relu('relu', pre), [2, 2], [2, 2]);
  graph.node('AddV2', 'sum', [pooled, pooled], { T: FLOAT });
  return graph.bytes();
}

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await Dreamer.load({ model: { graph: network(), preprocessing: { mean: 0 } }, device: 'cpu' });
});
afterAll(() => dreamer.dispose());

const pixels = Uint8Array.from(madePicture(48, 32));
const picture = { data: pixels, width: 48, height: 32, channels: 3 } as const;
const OPTIONS = { octaves: 2, iterations: 2 } as const;

describe('a dream that changes nothing', () => {
  test.each([
    [
      { layer: 'relu', channel: 1 },
      /Channel 1 of the layer 'relu' is silent on this picture.*before the activation, 'pre'/,
    ],
    [{ layer: 'pool', channel: 1 }, /Channel 1 of the layer 'pool' is silent.*before the activation, 'pre'/],
    [{ layer: 'sum', channel: 1 }, /Channel 1 of the layer 'sum' is silent.*Choose another channel or layer/],
    [{ layer: 'relu', channels: [1, 2] }, /Channels 1, 2 of the layer 'relu' are silent/],
  ])('%j is told', async (objective, says) => {
    const dream = await dreamer.dream(picture, { ...objective, ...OPTIONS });
    expect(dream.warnings).toHaveLength(1);
    expect(dream.warnings[0]).toMatch(says);
    expect(dream.data).toEqual(pixels);
    expect((JSON.parse(JSON.stringify(dream)) as { warnings: string[] }).warnings).toEqual(dream.warnings);
  });

  test('is not said of one that changes something', async () => {
    for (const objective of [
      { layer: 'relu', channel: 0 },
      { layer: 'pre', channel: 2 },
      { layer: 'relu', channels: [0, 1] },
    ])
      expect((await dreamer.dream(picture, { ...objective, ...OPTIONS })).warnings).toEqual([]);
  });

  test('is printed by the command line, which writes the picture all the same', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'livedream-silent-'));
    const [model, photo, output] = ['net.pb', 'photo.png', 'out.png'].map((name) => path.join(folder, name));
    await writeFile(model as string, network());
    await sharp(pixels, { raw: { width: 48, height: 32, channels: 3 } }).toFile(photo as string);
    const flags = ['--mean', '0', '--layer', 'relu', '--channel', '1', '--iterations', '1', '--octaves', '1'];
    const { code, stdout, stderr } = await livedreamIn(
      { cwd: folder },
      ...['dream', photo as string, '-o', output as string, '--model', model as string, ...flags],
    );
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: `${output}\n` });
    expect(stderr).toMatch(/^livedream: warning: photo\.png: Channel 1 of the layer 'relu' is silent.*'pre'[^\n]*\n$/);
    await rm(folder, { recursive: true });
  });

  test('tells the layer before the activation beforehand', async () => {
    expect((await dreamer.layer('pool')).beforeActivation).toBe('pre');
    expect((await dreamer.layer('sum')).beforeActivation).toBeUndefined();
  });
});
