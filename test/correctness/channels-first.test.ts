import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { convertedNetwork, convertedReference, formattedNetwork } from '../support/layout-networks.js';
import { CHANNELS, untouched, WAYS } from '../support/layout-ways.js';
import { disposeLoaded, LayoutGraph, loaded, SAME, SPEC } from '../support/layouts.js';
import { hasOneDnn } from '../support/onednn.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference, referenceDream } from '../support/reference.js';

// Networks whose pictures are [batch, channels, height, width], against the same network with channels last.

const SIZE = { width: 48, height: 24 };

afterAll(disposeLoaded);

function difference(a: Float32Array, b: Float32Array): number {
  const magnitude = meanMagnitude(b);
  expect(magnitude).toBeGreaterThan(0);
  return meanDifference(a, b) / magnitude;
}

/** Without oneDNN TensorFlow has no gradient of a dilated convolution, which others are behind. */
function unlessDilated(error: unknown): undefined {
  if (!hasOneDnn && /dilation rates/.test(String((error as { readonly detail?: string }).detail))) return undefined;
  throw error;
}

describe('every operation with a data_format, NCHW as NHWC', () => {
  it('has the same layers, with the same channels and least sizes', async () => {
    const [first, last] = [await loaded(formattedNetwork('first')), await loaded(formattedNetwork('last'))];
    expect(last.layers).toHaveLength(21);
    expect(first.layers).toEqual(last.layers);
    for (const name of ['stem', 'larger']) expect(await first.least(name)).toBe(await last.least(name));
  });

  test.each([
    [false, 1e-6],
    [true, 1e-3],
  ])('has the same gradients, with XLA: %s', async (xla, within) => {
    const [first, last] = [await loaded(formattedNetwork('first')), await loaded(formattedNetwork('last'))];
    let compared = 0;
    // The others are on the way to these.
    const names = xla ? ['normal', 'window'] : last.layers.map(({ name }) => name);
    for (const name of names) {
      const found = await first.gradient(name, SIZE, xla).catch(unlessDilated);
      const wanted = await last.gradient(name, SIZE, xla).catch(unlessDilated);
      expect(found === undefined, name).toBe(wanted === undefined);
      if (found === undefined || wanted === undefined) continue;
      expect(difference(found, wanted), name).toBeLessThanOrEqual(within);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(xla ? 1 : 3);
  });
});

describe('a network as converters from PyTorch write it', () => {
  it('lists its layers with their channels, and none that is not its own', async () => {
    const { layers } = await loaded(convertedNetwork());
    const channels = Object.fromEntries(layers.map((layer) => [layer.name, layer.channels]));
    expect(channels).toMatchObject({
      'stem/bn/pad': 3,
      'stem/bn/conv': 8,
      'stem/bn/first': 8,
      stem: 8,
      'excite/mean': 8,
      'excite/down/conv': 4,
      excite: 8,
      joined: 16,
      shuffle: 16,
      'merged/bn/pad': 16,
      out: 16,
    });
    expect(Object.keys(channels).filter((name) => /channels_|picture/.test(name))).toEqual([]);
  });

  test.skipIf(!hasReference).each(['whole', 'channels'])('agrees with TensorFlow Python: %s', async (what) => {
    const channels = what === 'whole' ? [] : [{ channel: 5, weight: 1 }];
    const kind = what === 'whole' ? 'layer' : 'channels';
    const file = path.join(tmpdir(), `livedream-converted-${process.pid}.pb`);
    await writeFile(file, convertedReference().bytes());
    const reference = await referenceDream({
      model: { file, spec: SPEC, objective: { layer: 'out/last', kind, weight: 1, channels } },
      picture: madePicture(SIZE.width, SIZE.height),
      shape: { ...SIZE, octaves: 1, octaveScale: 1.4, tileSize: 512 },
      iterations: 1,
      step: 1,
    });
    const network = await loaded(convertedNetwork());
    const expected = reference.picture('gradient');
    expect(difference(await network.gradient('out', SIZE, false, channels), expected)).toBeLessThanOrEqual(1e-5);
    expect(difference(await network.gradient('out', SIZE, true, channels), expected)).toBeLessThanOrEqual(1e-3);
  });
});

describe('what a network does with a tensor that is channels first', () => {
  test.each(Object.entries(WAYS))('%s', async (_name, { build, channels, side }) => {
    const [rewritten, plain] = [await loaded(build(new LayoutGraph('first'))), await loaded(untouched(build))];
    const size = { width: side ?? 12, height: side ?? 10 };
    expect(rewritten.layers.find(({ name }) => name === 'out')?.channels).toBe(channels);
    expect(rewritten.layers.filter(({ name }) => /channels_/.test(name))).toEqual([]);
    const found = await rewritten.gradient('out', size);
    expect(difference(found, await plain.gradient('out/last', size))).toBeLessThanOrEqual(1e-5);
  });
});

describe('the layout of the picture', () => {
  const convolved = (graph: LayoutGraph, input: string): LayoutGraph => {
    const filter = graph.weights('w', [3, 3, 3, CHANNELS]);
    graph.formatted('Conv2D', 'out', [input, filter], { strides: graph.sizes(1, 1), ...SAME });
    return graph;
  };
  const lastConvolved = (graph: LayoutGraph, last: string): LayoutGraph => {
    graph.conv2d('out', last, graph.weights('w', [3, 3, 3, CHANNELS]));
    return graph;
  };
  const cases: Record<string, () => LayoutGraph> = {
    'is told by the declared shape': () => {
      const graph = new LayoutGraph('first');
      return lastConvolved(graph, graph.transpose('last', graph.placeholder('input', [-1, 3, 64, 64]), [0, 2, 3, 1]));
    },
    'is told by the first data_format where no shape is declared': () => {
      const graph = new LayoutGraph('first');
      return convolved(graph, graph.simple('Neg', 'negative', graph.simple('Neg', 'n', graph.placeholder('input'))));
    },
    'is told by the first Transpose where the shape is unknown': () => {
      const graph = new LayoutGraph('first');
      const input = graph.placeholder('input', [-1, -1, -1, -1]);
      return lastConvolved(graph, graph.transpose('last', graph.simple('Identity', 'same', input), [0, 2, 3, 1]));
    },
    'is channels last where the declared shape says so, whatever comes first': () => {
      const graph = new LayoutGraph('first');
      return convolved(graph, graph.transpose('first', graph.placeholder('input', [-1, -1, -1, 3]), [0, 3, 1, 2]));
    },
    'is channels last where the picture is transposed to channels first': () => {
      const graph = new LayoutGraph('first');
      return convolved(graph, graph.transpose('first', graph.placeholder('input'), [0, 3, 1, 2]));
    },
    'is channels last where nothing else is told': () => {
      const graph = new LayoutGraph('last');
      return convolved(graph, graph.placeholder('input'));
    },
  };
  test.each(Object.entries(cases))('%s', async (_name, build) => {
    const expected = new LayoutGraph('last');
    const plain = await loaded(convolved(expected, expected.placeholder('input', [-1, -1, -1, 3])));
    const found = await loaded(build());
    expect(found.layers).toContainEqual({ name: 'out', op: 'Conv2D', channels: CHANNELS });
    expect(await found.gradient('out', SIZE)).toEqual(await plain.gradient('out', SIZE));
  });
});
