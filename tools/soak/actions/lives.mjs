// Dreamers that come and go: loaded and disposed of at any time, forgotten, of little memory, of models that are none.
import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { Dreamer } from '../../../dist/esm/index.js';
import { endOf, expect } from '../judge.mjs';

const MIB = 2 ** 20;
const plain = { device: 'cpu', xla: false };
const GONE = ['ABORTED', 'DISPOSED'];
const options = { layer: 'mixed3b', octaves: 2, octaveScale: 1.3 };

/** One that is shared is disposed of in the middle of others' work. */
export async function replace({ chance, home }) {
  return endOf(() => home.any(chance).replace());
}

/** Disposed of before, during or after a dream, once or twice; bfloat16 is not for every processor. */
export async function brief({ chance, home }) {
  const precision = chance.happens(0.2) ? { precision: 'bfloat16' } : {};
  let end = '';
  const loaded = await endOf(() => Dreamer.load({ ...plain, ...precision, model: home.model }), {
    may: ['PRECISION_UNAVAILABLE'],
    check: async (dreamer) => {
      end = await liveBriefly(dreamer, chance, chance.pick(home.place('small').cases));
    },
  });
  return loaded === 'done' ? end : loaded;
}

async function liveBriefly(dreamer, chance, each) {
  const iterations = chance.pick([1, 40]);
  const ends = Array.from({ length: chance.whole(0, 3) }, () =>
    endOf(() => dreamer.dream(each.picture(chance), { ...options, iterations }), { may: GONE }),
  );
  if (chance.happens(0.7)) await after(chance.whole(0, 150));
  await Promise.all(Array.from({ length: chance.whole(1, 2) }, () => dreamer.dispose()));
  await endOf(() => dreamer.dream(each.raw, options), { may: ['DISPOSED'], must: true });
  return [...new Set(await Promise.all(ends))].sort().join(' and ') || 'no dream';
}

/** Loading, which may be cancelled. */
export async function load({ chance, home }) {
  const signal = chance.pick([AbortSignal.abort(), AbortSignal.timeout(chance.whole(0, 60))]);
  const model = chance.happens(0.5) ? { model: home.model } : {};
  return endOf(() => Dreamer.load({ ...plain, ...model, signal }), {
    may: ['ABORTED'],
    check: (dreamer) => dreamer.dispose(),
  });
}

/** Nobody disposes of it: the collector does. */
export async function forgotten({ chance, home }) {
  const each = chance.pick(home.place('small').cases);
  const dreamer = await Dreamer.load({ ...plain, model: home.model });
  return endOf(() => dreamer.dream(each.raw, { ...options, iterations: 1 }));
}

/** What needs more than the limit is refused; what does not, goes on. */
export async function limited({ chance, home }) {
  const each = chance.pick(home.place('small').cases);
  const dreamer = await Dreamer.load({ ...plain, model: home.model, memoryLimit: chance.whole(16, 40) * MIB });
  try {
    const [width, height] = [chance.whole(1000, 4000), chance.whole(1000, 4000)];
    const data = new Uint8Array(3 * width * height);
    const large = await endOf(
      () => dreamer.dream({ data, width, height, channels: 3 }, { ...options, iterations: 1, tileSize: 2048 }),
      { may: ['IMAGE_TOO_LARGE'], must: true },
    );
    await endOf(() => dreamer.dream(each.raw, { ...options, iterations: 1, tileSize: 64 }));
    return large;
  } finally {
    await dreamer.dispose();
  }
}

const wrongLoads = (chance, { model, folder }) => {
  const graph = readFileSync(model.graph);
  const flipped = Buffer.from(graph);
  for (let at = 0; at < 3; at += 1) flipped[chance.whole(0, 4000)] = chance.whole(0, 255);
  return [
    [{ model: { graph: graph.subarray(0, chance.whole(0, graph.length - 1)) } }, 'MODEL_UNREADABLE'],
    [{ model: { graph: chance.bytes(chance.whole(0, 500)) } }, 'MODEL_UNREADABLE'],
    [{ model: { ...model, graph: flipped } }, 'MODEL_UNREADABLE', 'NOT_DIFFERENTIABLE', 'LAYER_UNKNOWN'],
    [{ model: 'no-such-model' }, 'MODEL_UNKNOWN'],
    [{ model: folder }, 'MODEL_UNREADABLE', 'MODEL_UNKNOWN'],
    [{ model: { ...model, sha256: 'ab'.repeat(32) } }, 'CHECKSUM'],
    [{ model: { ...model, input: 'image' } }, 'MODEL_UNREADABLE'],
    [{ device: 'gpu:99' }, 'DEVICE_UNAVAILABLE'],
    [{ device: 'tpu' }, 'OPTION_RANGE'],
    [{ memoryLimit: 5 }, 'OPTION_RANGE'],
    [{ queueLimit: Number.NaN }, 'OPTION_RANGE', 'OPTION_TYPE'],
    [{ threads: 'two' }, 'OPTION_TYPE'],
    [{ loops: 'native' }, 'OPTION_RANGE', 'OPTION_TYPE'],
  ];
};

export async function wrong({ chance, home }) {
  const list = wrongLoads(chance, home);
  const at = chance.whole(0, list.length - 1);
  const [given, ...may] = list[at];
  // Other bytes of a graph may be another graph.
  const must = at !== 2;
  return endOf(() => Dreamer.load({ ...plain, ...given }), { may, must, check: (dreamer) => dreamer.dispose() });
}

/** Dreams on the same pictures as the shared one give the same bytes. */
export async function again({ chance, home }) {
  const place = home.place('small');
  const dreamer = await Dreamer.load(place.load);
  try {
    const each = chance.pick(place.cases);
    return await endOf(() => dreamer.dream(each.raw, each.options), { check: (result) => each.check(result) });
  } finally {
    await dreamer.dispose();
    expect(dreamer.statistics().externalBytes === 0, 'memory that a disposed Dreamer still counts');
  }
}
