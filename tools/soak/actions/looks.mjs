// What is asked of a network and of a dream beside dreams.
import { doctor, opticalFlow } from '../../../dist/esm/index.js';
import { endOf, expect } from '../judge.mjs';

const positive = (number) => expect(number > 0 && Number.isFinite(number), `${number} is no positive number`);

const LOOKS = {
  gradient: (dreamer, each, chance) =>
    dreamer.gradient(each.picture(chance), { layer: 'mixed3b', tileSize: each.options.tileSize }),
  responses: async (dreamer, each, chance) => {
    const found = await dreamer.responses('mixed3a', each.picture(chance), { size: chance.whole(40, 120) });
    expect(found.length === 64, `${found.length} answers of 64 channels`);
  },
  layer: async (dreamer, _each, chance) =>
    positive((await dreamer.layer(chance.pick(dreamer.layers()).name)).bytesPerPixel),
  allLayers: async (dreamer) => {
    const found = await dreamer.allLayers();
    expect(found.length === dreamer.layers().length, 'another number of layers');
  },
  operations: async (dreamer, { raw, options }) => positive(await dreamer.operations(raw, options)),
  warmUp: (dreamer, { raw, options }) => dreamer.warmUp(raw, options),
  warmUpStream: (dreamer, { raw }) => dreamer.warmUpStream(raw, { layer: 'mixed3a', octaves: 1, iterations: 1 }),
  profile: async (dreamer, each, chance) => {
    const { programs } = await dreamer.profile(each.picture(chance), { ...each.options, iterations: 1 });
    expect(programs.length > 0, 'a profile of no program');
  },
  statistics: (dreamer) => positive(dreamer.statistics().weightBytes),
};

/** An action each. */
export const looks = Object.fromEntries(
  Object.entries(LOOKS).map(([name, look]) => [
    name,
    ({ chance, home }) => {
      const place = home.place('small');
      const each = chance.pick(place.cases);
      return place.use(async (dreamer) => look(dreamer, each, chance));
    },
  ]),
);

export async function flow({ chance, home }) {
  const [{ raw }, other] = [chance.pick(home.place('small').cases), chance.pick(home.place('small').cases)];
  const same = { ...raw, data: raw.data.map((value) => 255 - value) };
  return endOf(() => opticalFlow(raw, chance.happens(0.7) ? same : other.raw), {
    may: ['OPTION_RANGE', 'IMAGE_TOO_SMALL'],
  });
}

export const ask = () => endOf(() => doctor());
