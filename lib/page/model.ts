/** What a filter or a model has of its own for an option; a list has a value for each octave. */
export type Preset = Readonly<Record<string, number | readonly number[] | string | undefined>>;

export interface FilterFacts {
  readonly name: string;
  readonly options: Preset;
  /** Relative to the page; undefined where the service makes none. */
  readonly thumbnail: string | undefined;
}

/** The model that the service dreams with, of what GET /v1/models tells. */
export interface ModelFacts {
  readonly name: string;
  readonly device: string;
  /** Whether it compiles with XLA; undefined where the service does not say. */
  readonly xla: boolean | undefined;
  /** What a request may ask of `xla`. */
  readonly xlaChoices: readonly boolean[];
  readonly why: string;
  readonly options: Preset;
  readonly filters: readonly FilterFacts[];
  readonly defaultFilter: string | undefined;
}

type Told = Readonly<Record<string, unknown>>;

function filterOf(told: unknown): FilterFacts {
  if (typeof told === 'string') return { name: told, options: {}, thumbnail: undefined };
  const { name, options = {}, thumbnail } = told as Told;
  return {
    name: String(name),
    options: options as Preset,
    thumbnail: typeof thumbnail === 'string' ? thumbnail : undefined,
  };
}

/** The first model of the answer. */
export function readModel(answer: unknown): ModelFacts {
  const [told] = (answer as { readonly models: readonly Told[] }).models;
  if (!told) throw new Error('The service has no model.');
  const { name, device, xla, xlaChoices, why, defaultOptions = {}, filters = [], defaultFilter } = told;
  return {
    name: String(name),
    device: String(device),
    xla: typeof xla === 'boolean' ? xla : undefined,
    xlaChoices: Array.isArray(xlaChoices) ? (xlaChoices as readonly boolean[]) : [],
    why: typeof why === 'string' ? why : '',
    options: defaultOptions as Preset,
    filters: (filters as readonly unknown[]).map(filterOf),
    defaultFilter: typeof defaultFilter === 'string' ? defaultFilter : undefined,
  };
}
