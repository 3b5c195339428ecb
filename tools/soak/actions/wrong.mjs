// Bad input of every kind: each is refused with a code, at once or when it is read, and the Dreamer goes on.
import { Readable } from 'node:stream';
import { readParameters, readRecipe } from '../../../dist/esm/index.js';
import { DREAM_OPTIONS } from '../../../dist/esm/options/dream-options.js';
import { STREAM_OPTIONS } from '../../../dist/esm/options/stream-options.js';

const OPTION = ['OPTION_TYPE', 'OPTION_RANGE'];
const VALUES = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300, '', 'many', null, [], {}, Symbol('s'), () => 1, -5n];

/** A PNG whose header promises so many pixels, and which has none. */
function header(png, width, height) {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

const truncated = (chance, png) => png.subarray(0, Math.floor(png.length * 0.9 * chance.number()));
const endless = () =>
  Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(2 ** 16);
    })(),
  );
const broken = () =>
  Readable.from(
    (async function* () {
      yield Buffer.alloc(9);
      throw new Error('the line is dead');
    })(),
  );

/** Pictures that are none. */
const PICTURES = {
  truncated: (chance, { png }) => [truncated(chance, png), 'IMAGE_UNREADABLE'],
  noise: (chance) => [chance.bytes(chance.whole(0, 300)), 'IMAGE_UNREADABLE'],
  missing: () => ['no/such/picture.png', 'IMAGE_UNREADABLE'],
  folder: (_chance, _each, home) => [home.folder, 'IMAGE_UNREADABLE'],
  address: () => [new URL('https://localhost/a.png'), 'IMAGE_UNREADABLE'],
  huge: (chance, { png }) => [
    header(png, chance.whole(40_000, 2 ** 30), 50_000),
    'IMAGE_TOO_LARGE',
    'IMAGE_UNREADABLE',
  ],
  tiny: () => [{ data: new Uint8Array(3), width: 1, height: 1, channels: 3 }, 'IMAGE_TOO_SMALL'],
  short: (chance) => [{ data: chance.bytes(99), width: 60, height: 60, channels: 3 }, 'IMAGE_UNREADABLE', ...OPTION],
  sides: (chance) => [
    { data: chance.bytes(99), width: chance.pick([Number.NaN, -4, 0, 1e9, 1.5]), height: 60, channels: 3 },
    ...['IMAGE_UNREADABLE', 'IMAGE_TOO_LARGE', ...OPTION],
  ],
  'not finite': () => [
    { data: new Float32Array(3 * 64 * 64).fill(Number.NaN), width: 64, height: 64, channels: 3 },
    ...['NOT_FINITE', 'IMAGE_UNREADABLE', ...OPTION],
  ],
  'no picture': (chance) => [chance.pick([null, undefined, 5, {}, [], () => 1]), 'IMAGE_UNREADABLE', ...OPTION],
  'a stream that breaks': () => [broken(), 'IMAGE_UNREADABLE'],
};

export async function picture({ chance, home }) {
  const place = home.place('small');
  const name = chance.pick(Object.keys(PICTURES));
  const each = chance.pick(place.cases);
  const [given, ...codes] = PICTURES[name](chance, each, home);
  const end = await place.use((dreamer) => dreamer.dream(given, { layer: 'mixed3a' }), { may: codes, must: true });
  return `${name}: ${end}`;
}

/** Bytes of a picture of which some are others: it is one or it is none. */
export async function flipped({ chance, home }) {
  const place = home.place('small');
  const bytes = Buffer.from(chance.pick(place.cases).png);
  for (let flip = chance.whole(1, 5); flip > 0; flip -= 1)
    bytes[chance.whole(0, bytes.length - 1)] = chance.whole(0, 255);
  const options = { layer: 'mixed3a', octaves: 1, iterations: 1, size: 64 };
  return place.use((dreamer) => dreamer.dream(bytes, options), {
    may: ['IMAGE_UNREADABLE', 'IMAGE_TOO_LARGE', 'IMAGE_TOO_SMALL', 'IMAGE_ANIMATED'],
  });
}

/** One option of a wrong value or an unknown name; what a number of it may be in spite of all, is dreamed. */
export async function option({ chance, home }) {
  const place = home.place('small');
  const each = chance.pick(place.cases);
  const name = chance.pick([
    ...Object.keys(DREAM_OPTIONS),
    'layer',
    'channel',
    'channels',
    'objective',
    'mask',
    'octave',
    'signal',
  ]);
  const given = { layer: 'mixed3a', iterations: 1, octaves: 1, [name]: chance.pick(VALUES) };
  return place.use((dreamer) => dreamer.dream(each.raw, given), {
    may: [...OPTION, 'LAYER_UNKNOWN', 'CHANNEL_UNKNOWN', 'CHANNEL_RANGE', 'IMAGE_UNREADABLE'],
  });
}

const OBJECTIVES = [
  [{ layer: 'mixed9z' }, 'LAYER_UNKNOWN'],
  [{ layer: 'mixed3a', channel: 64 }, 'CHANNEL_RANGE'],
  [{ layer: 'mixed3a', channel: 'owl' }, 'CHANNEL_UNKNOWN'],
  [{ filter: 'stars' }, 'FILTER_UNKNOWN'],
  [{ filter: 'stars', layer: 'mixed3a' }, 'OPTION_RANGE'],
  [{ objective: [] }, 'OPTION_RANGE'],
  [{ objective: [{ layer: 'mixed3a', direction: [1, 2] }] }, 'OPTION_RANGE', 'CHANNEL_RANGE'],
  [{ objective: [{ guide: 'no-guide.png', layer: 'mixed3a' }] }, 'IMAGE_UNREADABLE'],
  [{ layer: 'mixed3a', mask: 'no-mask.png' }, 'IMAGE_UNREADABLE'],
  [{ layer: 'mixed3a', mask: { ellipse: { x: 1 } } }, ...OPTION],
  [{ layer: 'mixed3a', mask: { alpha: true } }, 'OPTION_RANGE', 'IMAGE_UNREADABLE'],
  [{ layer: 'mixed3a', size: 65_536, tileSize: 8192 }, 'IMAGE_TOO_LARGE'],
  [{ layer: 'mixed3b', octaves: 12 }, 'IMAGE_TOO_SMALL'],
  [{ layer: 'mixed3b', octaves: 2, iterations: [1, -2] }, 'OPTION_RANGE'],
  [{ layer: 'mixed3b', step: [] }, 'OPTION_RANGE'],
];

export async function objective({ chance, home }) {
  const place = home.place('small');
  const [given, ...codes] = chance.pick(OBJECTIVES);
  return place.use((dreamer) => dreamer.dream(chance.pick(place.cases).raw, given), { may: codes, must: true });
}

/** Of other calls than dreams. */
const OTHERS = [
  [(dreamer) => dreamer.layer('mixed9z'), 'LAYER_UNKNOWN'],
  [async (dreamer) => dreamer.channelNames('mixed9z'), 'LAYER_UNKNOWN'],
  [(dreamer, { raw }) => dreamer.responses('mixed3a', raw, { size: 7 }), 'OPTION_RANGE'],
  [(dreamer) => dreamer.operations({ width: 0, height: 5 }), ...OPTION],
  [(dreamer) => dreamer.warmUp({ width: 1e6, height: 1e6 }, { layer: 'mixed3a' }), 'IMAGE_TOO_LARGE', ...OPTION],
  [async (dreamer) => dreamer.stream(5), 'OPTION_TYPE'],
  [
    async (dreamer, _each, chance) => dreamer.stream([], { [chance.pick(Object.keys(STREAM_OPTIONS))]: Symbol('s') }),
    ...OPTION,
  ],
  [async (dreamer) => dreamer.stream([], { mask: { alpha: true } }), 'OPTION_RANGE'],
  [(dreamer, { raw }) => dreamer.variations(raw, [{ channel: 2, mask: 5 }]).next(), ...OPTION],
  [async (dreamer) => dreamer.dreamAll('a.png').next(), ...OPTION],
  [(_dreamer, _each, chance) => readParameters(chance.bytes(60)), 'IMAGE_UNREADABLE', 'PARAMETERS_MISSING'],
  [(_dreamer, { png }) => readParameters(png), 'PARAMETERS_MISSING'],
  [async () => readRecipe({ recipe: 1, options: { octaves: -1 } }), 'RECIPE_UNREADABLE', ...OPTION],
];

export async function other({ chance, home }) {
  const place = home.place('small');
  const [call, ...codes] = chance.pick(OTHERS);
  return place.use((dreamer) => call(dreamer, chance.pick(place.cases), chance), { may: codes, must: true });
}

/** What never ends is read as far as the limit of memory. */
export async function endlessStream({ chance, home }) {
  const place = home.place('narrow');
  const signal = AbortSignal.timeout(chance.whole(1, 100));
  return place.use((dreamer) => dreamer.dream(endless(), { layer: 'mixed3a', signal }), {
    may: ['QUEUE_FULL', 'ABORTED', 'IMAGE_TOO_LARGE', 'IMAGE_UNREADABLE'],
    must: true,
  });
}
