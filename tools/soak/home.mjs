// The Dreamers that the steps of a soak share, each with the dreams that are made on it. Any of them may be replaced in the middle of others' work.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Dreamer } from '../../dist/esm/index.js';
import { smallInception } from '../graphs/small-inception.mjs';
import { casesOf } from './cases.mjs';
import { endOf } from './judge.mjs';

const MIB = 2 ** 20;
const GONE = ['ABORTED', 'DISPOSED'];

class Place {
  /** How often its Dreamer was replaced. */
  generation = 0;

  constructor(name, load, cases) {
    Object.assign(this, { name, load, cases });
  }

  async open() {
    this.dreamer = await Dreamer.load(this.load);
  }

  /** The end of a call on its Dreamer, which may be disposed of meanwhile: then the call may say so. */
  use(call, expected = {}) {
    const { dreamer, generation } = this;
    return endOf(() => call(dreamer), {
      also: (code) => this.generation !== generation && GONE.includes(code),
      ...expected,
    });
  }

  /** Another Dreamer takes its place before this one is disposed of, perhaps at work. */
  async replace() {
    const next = await Dreamer.load(this.load);
    const old = this.dreamer;
    this.dreamer = next;
    this.generation += 1;
    await old.dispose();
  }
}

/**
 * @param {{ seed: string, folder: string, small: boolean }} options small: the small network alone, for a minute's soak
 */
export async function openHome({ seed, folder, small }) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'small.pb');
  writeFileSync(file, smallInception());
  const model = { graph: file, defaultLayer: 'mixed3b' };
  const plain = { device: 'cpu', xla: false };
  const cases = (network, count, sides) => casesOf(seed, network, count, folder, sides);
  const places = [
    // As many programs as it holds are there after some minutes.
    new Place(
      'small',
      { ...plain, model, programCacheLimit: 96 * MIB },
      await cases('small', small ? 12 : 40, small ? [40, 110] : [40, 220]),
    ),
    // Of a program or two, so that each change of size evicts; where little waits, and little is read of a stream.
    new Place(
      'narrow',
      { ...plain, model, programCacheLimit: 2 * MIB, queueLimit: 2, memoryLimit: 128 * MIB },
      await cases('small', 16, [48, 100]),
    ),
  ];
  if (!small) {
    places.push(new Place('dream', plain, await cases('dream', 10, [100, 180])));
    places.push(new Place('xla', { device: 'cpu', xla: true, model }, await cases('small', 3, [60, 90])));
  }
  await Promise.all(places.map((place) => place.open()));
  return {
    folder,
    model,
    places,
    place: (name) => places.find((each) => each.name === name),
    /** Where most of the work is done. */
    any: (chance) =>
      chance.weighted(places.map((place) => [{ small: 6, narrow: 3, dream: 1.5, xla: 0.5 }[place.name], place])),
    close: () => Promise.all(places.map(({ dreamer }) => dreamer.dispose())),
  };
}
