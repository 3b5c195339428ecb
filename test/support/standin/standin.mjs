// A network for tests, with layers that show what they see: no training, only geometry. Its first layer is a bank of
// Gabor edges and colour contrasts; its second holds, as templates, what that first layer answers to drawn motifs.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraphDef } from '../../../tools/graphs/graph-def.mjs';
import { MOTIFS, PHASES } from './motifs.mjs';

const EDGE_SIZE = 7;
const DIRECTIONS = 16;
const TEMPLATE = 11; // positions at stride 4: 44 pixels
const STRIDE = 4;

// Light, red against green, blue against yellow: what the eye's ganglion cells take apart.
const LIGHT = [0.4, 0.4, 0.2];
const OPPONENTS = [
  [0.7, -0.7, 0],
  [-0.7, 0.7, 0],
  [-0.4, -0.4, 0.8],
  [0.4, 0.4, -0.8],
];

/** [size, size, 3, channels] */
function edgeFilters() {
  const kernels = [];
  const middle = (EDGE_SIZE - 1) / 2;
  const envelope = (x, y) => Math.exp(-(x * x + y * y) / (2 * 1.7 * 1.7));
  for (let direction = 0; direction < DIRECTIONS; direction += 1) {
    const angle = (2 * Math.PI * direction) / DIRECTIONS;
    kernels.push((x, y, colour) => {
      const along = x * Math.cos(angle) + y * Math.sin(angle);
      return LIGHT[colour] * envelope(x, y) * Math.sin((2 * Math.PI * along) / 7);
    });
  }
  for (const opponent of OPPONENTS) kernels.push((x, y, colour) => 0.3 * opponent[colour] * envelope(x, y));
  const channels = kernels.length;
  const values = new Float32Array(EDGE_SIZE * EDGE_SIZE * 3 * channels);
  let index = 0;
  for (let y = -middle; y <= middle; y += 1) {
    for (let x = -middle; x <= middle; x += 1) {
      for (let colour = 0; colour < 3; colour += 1) {
        for (const kernel of kernels) values[index++] = kernel(x, y, colour);
      }
    }
  }
  return { values, channels };
}

/** What the first layer (edges, Relu, 3x3 pooling) answers at one position of stride 4 around the middle of a motif. */
function respond({ values, channels }, motif, row, column) {
  const middle = (EDGE_SIZE - 1) / 2;
  const best = new Float32Array(channels);
  const sum = new Float32Array(channels);
  for (let poolY = -1; poolY <= 1; poolY += 1) {
    for (let poolX = -1; poolX <= 1; poolX += 1) {
      sum.fill(0);
      let index = 0;
      for (let y = -middle; y <= middle; y += 1) {
        for (let x = -middle; x <= middle; x += 1) {
          const pixel = motif(column * STRIDE + poolX * 2 + x, row * STRIDE + poolY * 2 + y);
          for (const value of pixel) for (let c = 0; c < channels; c += 1) sum[c] += values[index++] * value;
        }
      }
      for (let c = 0; c < channels; c += 1) best[c] = Math.max(best[c], sum[c]);
    }
  }
  return best;
}

/** Takes the mean out of every group of values: what all of a group share tells nothing of the motif. */
function centre(values, groups, groupOf) {
  const sums = new Float64Array(groups);
  const counts = new Float64Array(groups);
  values.forEach((value, index) => {
    sums[groupOf(index)] += value;
    counts[groupOf(index)] += 1;
  });
  return values.map((value, index) => value - sums[groupOf(index)] / counts[groupOf(index)]);
}

/**
 * The answers to a motif as a filter of length 1: without the mean of each channel, so that flat texture gives nothing, and
 * without the mean of each position's edges, so that dots, which have edges in all directions, give nothing either.
 */
function template(edges, motif) {
  const half = (TEMPLATE - 1) / 2;
  const { channels } = edges;
  const values = new Float32Array(TEMPLATE * TEMPLATE * channels);
  for (let row = -half; row <= half; row += 1) {
    for (let column = -half; column <= half; column += 1) {
      const fade = Math.exp(-(row * row + column * column) / (2 * (half * 0.62) ** 2));
      const at = ((row + half) * TEMPLATE + column + half) * channels;
      respond(edges, motif, row, column).forEach((value, c) => {
        values[at + c] = value * fade;
      });
    }
  }
  const kind = (index) => (index % channels < DIRECTIONS ? 0 : 1);
  let centred = values;
  for (let round = 0; round < 3; round += 1) {
    centred = centre(centred, channels, (index) => index % channels);
    centred = centre(centred, 2 * TEMPLATE * TEMPLATE, (index) => 2 * Math.floor(index / channels) + kind(index));
  }
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
  return centred.map((value) => value / length);
}

/** @returns {Buffer} the frozen graph */
export function standin() {
  const edges = edgeFilters();
  const templates = MOTIFS.flatMap(({ draw }) => PHASES.map((phase) => template(edges, (x, y) => draw(x, y, phase))));
  const count = templates.length;
  const filter = new Float32Array(TEMPLATE * TEMPLATE * edges.channels * count);
  templates.forEach((values, channel) => {
    values.forEach((value, index) => {
      filter[index * count + channel] = value;
    });
  });
  const graph = new GraphDef();
  const input = graph.placeholder('input');
  const edgeFilter = graph.constant('edges_w', [EDGE_SIZE, EDGE_SIZE, 3, edges.channels], edges.values);
  const edge = graph.relu('edges', graph.conv2d('edges_pre_relu', input, edgeFilter, [2, 2]));
  // Divisive inhibition: a strong edge in one direction quietens the others, as in the visual cortex.
  const inhibited = graph.lrn('edges_norm', edge, { depthRadius: DIRECTIONS, bias: 1, alpha: 0.3, beta: 0.5 });
  const pooled = graph.maxPool('edges_pool', inhibited, [3, 3], [2, 2]);
  const motifFilter = graph.constant('motifs_w', [TEMPLATE, TEMPLATE, edges.channels, count], filter);
  graph.relu('motifs', graph.conv2d('motifs_pre_relu', pooled, motifFilter));
  return graph.bytes();
}

/** The catalogue: each motif in all its phases. */
function description() {
  const filters = MOTIFS.map(({ name }, motif) => [
    name,
    { layer: 'motifs', channels: PHASES.map((_, phase) => motif * PHASES.length + phase) },
  ]);
  return {
    name: 'standin',
    title: 'Drawn templates',
    licence: 'Apache-2.0',
    provenance: 'made by test/support/standin from formulas; nothing was trained',
    graph: 'standin.pb',
    input: 'input',
    preprocessing: { channelOrder: 'rgb', mean: 128, scale: 1 / 64 },
    defaultLayer: 'motifs',
    defaultFilter: 'stars',
    filters: Object.fromEntries(filters),
  };
}

/** A model's folder: the graph with its model.json. */
export function writeStandin(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'standin.pb'), standin());
  writeFileSync(path.join(folder, 'model.json'), `${JSON.stringify(description(), undefined, 2)}\n`);
}
