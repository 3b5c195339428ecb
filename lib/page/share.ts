import type { SliderName } from './facts.js';
import { type Chosen, fits, isSeed, type Settings } from './settings.js';

const MOST_SIZE = 65_536;

/** What is chosen as a fragment, which browsers keep to themselves: `#filter=coral&octaves=4&seed=7`. */
export function fragmentOf(settings: Settings): string {
  const { size, seed } = settings.chosen;
  const sliders = Object.keys(settings.facts.sliders) as SliderName[];
  const entries: (readonly [string, string])[] = [
    ['filter', settings.filter ?? ''],
    ...sliders.map((name) => [name, String(settings.value(name))] as const),
    ...(size === undefined ? [] : [['size', String(size)] as const]),
    ['seed', seed],
  ];
  return `#${new URLSearchParams(entries.map((each) => [...each]))}`;
}

function sizeOf(text: string | null, least: number): Pick<Chosen, 'size'> {
  if (text === 'own') return { size: text };
  const size = Number(text);
  return text !== null && Number.isInteger(size) && size >= least && size <= MOST_SIZE ? { size } : {};
}

/** What a fragment holds that this service takes; the rest, which anybody may have written, is as if it were not there. */
export function chosenOf(fragment: string, { facts, model }: Settings): Partial<Chosen> {
  const said = new URLSearchParams(fragment.replace(/^#/, ''));
  const sliders = Object.entries(facts.sliders).flatMap(([name, fact]) => {
    const text = said.get(name);
    return text !== null && text !== '' && fits(fact, Number(text)) ? [[name, Number(text)] as const] : [];
  });
  const filter = model.filters.find(({ name }) => name === said.get('filter'))?.name;
  const seed = said.get('seed');
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(sliders.length === 0 ? {} : { sliders: Object.fromEntries(sliders) }),
    ...sizeOf(said.get('size'), facts.leastSize),
    ...(seed !== null && isSeed(seed) ? { seed } : {}),
  };
}
