import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { addModel } from '../../lib/catalogue/add.js';
import { type FilterOptions, nameFilter, removeFilter } from '../../lib/catalogue/filters.js';
import { Dreamer } from '../../lib/dreamer.js';
import { smallInception } from '../../tools/graphs/small-inception.mjs';
import { rawPicture } from '../support/dreamers.js';
import { useHome } from './support/home.js';

const home = useHome();
const file = (): string => path.join(home.models, 'dream/filters.json');

async function dreamOf(model: string, filter: string): Promise<unknown> {
  const dreamer = await Dreamer.load({ model, device: 'cpu' });
  try {
    return (await dreamer.dream(rawPicture(64, 64), { filter, octaves: 1 })).parameters;
  } finally {
    await dreamer.dispose();
  }
}

describe('a filter of your own', () => {
  test("is dreamed by its name, of the package's model too, with its options", async () => {
    const channels = [3, { channel: 17, weight: 0.5 }];
    const named = await nameFilter('dream', 'gold rain', { layer: 'mixed4d:0', channels, iterations: 2 });
    expect(named).toEqual({
      ...{ model: 'dream', filter: 'gold rain', file: file() },
      definition: { layer: 'mixed4d', channels, options: { iterations: 2 } },
    });
    expect(await dreamOf('dream', 'gold rain')).toMatchObject({
      ...{ filter: 'gold rain', iterations: 2 },
      objective: {
        layer: 'mixed4d',
        channels: [
          { channel: 3, weight: 1 },
          { channel: 17, weight: 0.5 },
        ],
      },
    });
  });

  test('of a model of yours is kept beside it', async () => {
    const graph = path.join(home.folder, 'net.pb');
    writeFileSync(graph, smallInception());
    await addModel(graph, { preprocessing: { mean: 117 } });
    await nameFilter('net', 'five', { layer: 'mixed3b', channel: 5 });
    expect(await dreamOf('net', 'five')).toMatchObject({ model: 'net', filter: 'five' });
    expect(existsSync(path.join(home.models, 'net/filters.json'))).toBe(true);
  });

  test('replaces one of the same name only by force, and that is there again when it is removed', async () => {
    const owl: FilterOptions = { layer: 'mixed4d', channel: 3 };
    await expect(nameFilter('dream', 'owl', owl)).rejects.toThrow(/'dream' has a filter of this one.*force/);
    expect(existsSync(file())).toBe(false);
    await nameFilter('dream', 'owl', { ...owl, force: true });
    await expect(nameFilter('dream', 'owl', owl)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    const mine = await Dreamer.load({ device: 'cpu' });
    expect(mine.filters()['owl']).toEqual(owl);
    await mine.dispose();
    await removeFilter('dream', 'owl');
    expect(existsSync(path.dirname(file()))).toBe(false);
    const theirs = await Dreamer.load({ device: 'cpu' });
    expect(theirs.filters()['owl']).toMatchObject({ layer: 'classes', channel: 'owl' });
    await theirs.dispose();
  });

  test('that is not there cannot be removed', async () => {
    await nameFilter('dream', 'gold', { layer: 'mixed4d', channel: 3 });
    await expect(removeFilter('dream', 'goldd')).rejects.toThrow(/no filter 'goldd'; .*'gold'/);
    await expect(removeFilter('dream', 'owl')).rejects.toThrow(/'owl' comes with the model/);
    await expect(removeFilter('none', 'gold')).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNKNOWN' });
  });

  const WRONG: readonly (readonly [string, string, object, RegExp])[] = [
    ['a layer that is not there', 'a', { layer: 'mixed4dd' }, /no layer 'mixed4dd'.*'mixed4d'/],
    ['no layer', 'a', {}, /'layer' must be the name of a layer/],
    ['a channel that is not there', 'a', { layer: 'mixed4d', channel: 496 }, /no channel 496; it has 496, from 0/],
    ['a name that is none', 'a', { layer: 'classes', channel: 'oul' }, /no channel 'oul'.*'owl'/],
    ['a misspelt option', 'a', { layer: 'mixed4d', octave: 3 }, /'octave'.*'octaves'/],
    ['an option out of range', 'a', { layer: 'mixed4d', octaves: 99 }, /'octaves' must be/],
    ['two ways of channels', 'a', { layer: 'mixed4d', channel: 1, channels: [2] }, /left out where 'channel' is given/],
    ['the name of a path', '../a', { layer: 'mixed4d' }, /'filter' must be letters/],
    ['an empty name', '', { layer: 'mixed4d' }, /'filter' must be letters/],
    ['a name of blanks', ' a ', { layer: 'mixed4d' }, /'filter' must be letters/],
  ];
  test.each(WRONG)('with %s is refused', async (_what, name, options, says) => {
    await expect(nameFilter('dream', name, options as FilterOptions)).rejects.toThrow(says);
    expect(existsSync(file())).toBe(false);
  });

  test('that does not fit the network does not keep it from loading, and is told', async () => {
    mkdirSync(path.dirname(file()), { recursive: true });
    const filters = {
      old: { layer: 'mixed9' },
      gold: { layer: 'mixed4d', channel: 3 },
      far: { layer: 'mixed4d', channel: 999 },
    };
    writeFileSync(file(), JSON.stringify(filters));
    const dreamer = await Dreamer.load({ device: 'cpu' });
    expect(Object.keys(dreamer.filters())).toEqual(expect.arrayContaining(['gold', 'owl']));
    expect(Object.keys(dreamer.filters())).not.toEqual(expect.arrayContaining(['old']));
    expect(dreamer.warnings).toEqual([
      expect.stringMatching(/Your filter 'old' in '.*filters\.json' is left out: it names the layer 'mixed9'/),
      expect.stringMatching(/Your filter 'far' .*channel 999/),
    ]);
    await dreamer.dispose();
  });

  test('in a file that is broken is refused with its name', async () => {
    mkdirSync(path.dirname(file()), { recursive: true });
    for (const [text, says] of [
      ['{', /filters\.json' cannot be read: it is no JSON/],
      ['{"a":{}}', /filter 'a' must name a layer/],
    ] as const) {
      writeFileSync(file(), text);
      await expect(Dreamer.load()).rejects.toThrow(says);
      await expect(nameFilter('dream', 'b', { layer: 'mixed4d' })).rejects.toThrow(says);
      expect(readFileSync(file(), 'utf8')).toBe(text);
    }
  });
});
