// npm run bench:objectives: a gradient-ascent step that climbs a deep layer, one that climbs a shallower one with it, and ones
// with a guide, in turns in one run: milliseconds, and the medians of the ratios to the deep layer alone.
// node tools/bench-objectives.mjs [--model inception5h|small] [--size 480x360] [--rounds 9] [--steps 4] [--xla]
import { parseArgs } from 'node:util';
import { modeOf, startEngine } from './bench/engine.mjs';
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';
import { inTurns } from './bench/turns.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: DEFAULT_MODEL },
    size: { type: 'string', default: '480x360' },
    rounds: { type: 'string', default: '9' },
    steps: { type: 'string', default: '4' },
    xla: { type: 'boolean', default: false },
  },
});
/** Of each network, with the channels of the deeper. */
const LAYERS = { inception5h: ['mixed3b', 'mixed4d', 528], small: ['mixed3a', 'mixed3b', undefined] };

const [width, height] = values.size.split('x').map(Number);
const [shallow, deep, channels] = LAYERS[values.model];
const engine = await startEngine(MODELS[values.model](), { width, height });
const mode = modeOf({ xla: values.xla });
const of = (layer, rest = {}) => ({ layer, kind: 'layer', weight: 1, channels: [], ...rest });

async function guided(kind) {
  const features = await engine.features(mode, of(deep, { kind }));
  // Of the picture's own size: as many positions as the largest guide has, and more.
  const rows =
    kind === 'guideStatistics' || channels === undefined ? Math.sqrt(features.length) : features.length / channels;
  return of(deep, { kind, guide: { key: kind, rows, values: features } });
}

const balanced = (terms) => terms.map((term) => ({ ...term, balanced: true }));
const objectives = {
  deep: [of(deep)],
  both: balanced([of(shallow), of(deep)]),
  channels: balanced([of(shallow, { kind: 'channels', channels: [{ channel: 3, weight: 1 }] }), of(deep)]),
  ...(channels === undefined ? {} : { dot: [await guided('guideDot')] }),
  statistics: [await guided('guideStatistics')],
};
const sides = Object.fromEntries(
  Object.entries(objectives).map(([name, terms]) => [name, () => engine.stepTime(mode, Number(values.steps), terms)]),
);
const { ms, ratio } = await inTurns(sides, Number(values.rounds), (round, latest) => {
  const told = Object.entries(latest).map(([name, time]) => `${name} ${time.toFixed(1)}`);
  console.error(`round ${round}: ${told.join(', ')} ms`);
});
const names = Object.keys(objectives);
console.log(
  JSON.stringify({
    ...{ model: values.model, size: values.size, xla: values.xla, layers: [shallow, deep] },
    ms: Object.fromEntries(names.map((name) => [name, ms(name)])),
    toDeepAlone: Object.fromEntries(names.slice(1).map((name) => [name, ratio(name, 'deep')])),
  }),
);
await engine.stop();
