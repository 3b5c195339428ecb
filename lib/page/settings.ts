import type { NumberFact, PageFacts, SliderName } from './facts.js';
import type { ModelFacts } from './model.js';

/** What the user chose; what is not there is as the filter, the model or the service has it. */
export interface Chosen {
  filter?: string;
  sliders: Partial<Record<SliderName, number>>;
  /** The longest side; without it what is quick enough. */
  size?: number | 'own';
  /** Digits of up to 64 bits, more than a number holds. */
  seed: string;
  xla?: boolean;
  /** Options of a recipe that have no control here, and lists that have a value for each octave. */
  more?: Readonly<Record<string, unknown>>;
}

/** Of the recipes that are read and written here: lib/recipe/fields.ts has the same, and a test compares them. */
export const RECIPE_VERSION = 1;

/** What else than a filter says what to dream of. */
const OBJECTIVES: readonly string[] = ['layer', 'channel', 'channels', 'objective'];

function without(more: Chosen['more'], names: readonly string[]): Pick<Chosen, 'more'> {
  const left = Object.entries(more ?? {}).filter(([name]) => !names.includes(name));
  return left.length === 0 ? {} : { more: Object.fromEntries(left) };
}

export const SIZES = [240, 320, 480, 640, 800, 1024, 1280, 1600, 2048] as const;

/** Enough to see much, and seconds on a processor. */
const SIZE = 480;

/** Of the camera's frames, which are to be many. */
const LIVE_SIZE = 320;

const SEED = /^\d{1,20}$/;
const MOST_SEED = 2n ** 64n - 1n;

export function isSeed(text: string): boolean {
  return SEED.test(text) && BigInt(text) <= MOST_SEED;
}

/** Whether the service takes the value. */
export function fits({ least, most, above, whole }: NumberFact, value: number): boolean {
  return value <= most && (above ? value > least : value >= least) && (!whole || Number.isInteger(value));
}

/** What is chosen, what holds, and who wants to hear of it. */
export class Settings extends EventTarget {
  readonly facts: PageFacts;
  readonly model: ModelFacts;
  #chosen: Chosen = { sliders: {}, seed: '0' };
  #followed: Readonly<Record<string, unknown>> | undefined;

  constructor(facts: PageFacts, model: ModelFacts) {
    super();
    this.facts = facts;
    this.model = model;
  }

  get chosen(): Readonly<Chosen> {
    return this.#chosen;
  }

  /** Undefined where a recipe says otherwise what to dream of. */
  get filter(): string | undefined {
    const { more = {} } = this.#chosen;
    if (OBJECTIVES.some((name) => more[name] !== undefined)) return undefined;
    return this.#chosen.filter ?? this.model.defaultFilter ?? this.model.filters[0]?.name;
  }

  /** What holds without the user's choice; of a list that has a value for each octave the largest. */
  preset(name: SliderName): number {
    const filter = this.model.filters.find((each) => each.name === this.filter);
    const own = filter?.options[name] ?? this.model.options[name] ?? this.facts.sliders[name].default;
    return Math.max(...[own].flat().map(Number));
  }

  /** The largest of a recipe's list. */
  #listed(name: SliderName): number | undefined {
    const { [name]: list } = this.#chosen.more ?? {};
    return Array.isArray(list) ? Math.max(...list.map(Number)) : undefined;
  }

  value(name: SliderName): number {
    return this.#chosen.sliders[name] ?? this.#inForce(name) ?? this.#listed(name) ?? this.preset(name);
  }

  get liveSize(): number {
    const { size = LIVE_SIZE } = this.#chosen;
    return size === 'own' ? LIVE_SIZE : size;
  }

  /** What the live socket says that holds, which is shown until it is over: it has presets of its own. */
  follow(options: Readonly<Record<string, unknown>> | undefined): void {
    this.#followed = options;
    this.dispatchEvent(new Event('follow'));
  }

  #inForce(name: SliderName): number | undefined {
    const told = this.#followed?.[name];
    return told === undefined || told === null ? undefined : Math.max(...[told].flat().map(Number));
  }

  change(part: Partial<Chosen>): void {
    const { more, ...others } = this.#chosen;
    const kept = without(more, part.filter === undefined ? [] : OBJECTIVES);
    this.#chosen = { ...others, ...kept, ...part };
    this.dispatchEvent(new Event('change'));
  }

  /** All of it, as a recipe says it. */
  replace(chosen: Chosen): void {
    this.#chosen = chosen;
    this.change({});
  }

  slide(name: SliderName, value: number | undefined): void {
    const { more, ...rest } = this.#chosen;
    this.#chosen = { ...rest, ...without(more, name === 'blend' ? [] : [name]) };
    const { [name]: _before, ...others } = this.#chosen.sliders;
    this.change({ sliders: value === undefined ? others : { ...others, [name]: value } });
  }

  reset(): void {
    const { more: _more, ...others } = this.#chosen;
    this.#chosen = others;
    this.change({ sliders: {} });
  }

  /** The size as it was before anybody chose one. */
  resetSize(): void {
    const { size: _before, ...others } = this.#chosen;
    this.#chosen = others;
    this.change({});
  }

  /** The options of a dream of one picture, as the service takes them. */
  still(): Record<string, string> {
    const { sliders, size = SIZE, seed, xla } = this.#chosen;
    const { blend: _live, ...own } = sliders;
    const { filter } = this;
    return {
      ...(filter === undefined ? {} : { filter }),
      ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)])),
      ...(size === 'own' ? {} : { size: String(size) }),
      ...(xla === undefined ? {} : { xla: String(xla) }),
      seed,
    };
  }

  /** The same as a recipe has it; of a size that nobody chose, none. */
  recipeOptions(): Record<string, unknown> {
    const { sliders, size, seed, more } = this.#chosen;
    const { blend: _live, ...own } = sliders;
    const { filter } = this;
    return {
      ...(filter === undefined ? {} : { filter }),
      ...more,
      ...own,
      ...(typeof size === 'number' ? { size } : {}),
      seed: Number.isSafeInteger(Number(seed)) ? Number(seed) : seed,
    };
  }

  /** The recipe that a picture is dreamed by, where options of an address cannot say all of it. */
  stillRecipe(): object | undefined {
    if (this.#chosen.more === undefined) return undefined;
    const { size = SIZE } = this.#chosen;
    return { recipe: RECIPE_VERSION, options: { ...(size === 'own' ? {} : { size }), ...this.recipeOptions() } };
  }

  /** What the live socket is told; null takes back what was said before. */
  live(): object {
    const { filter } = this;
    const names = Object.keys(this.facts.sliders) as SliderName[];
    const sliders = Object.fromEntries(names.map((name) => [name, this.#chosen.sliders[name] ?? null]));
    return { options: { ...sliders, ...(filter === undefined ? {} : { filter }) }, size: this.liveSize };
  }
}
