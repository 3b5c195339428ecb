import { optionRangeError, optionTypeError } from '../errors.js';
import type { OptionTable } from './description.js';
import { DREAM_OPTIONS, type DreamOptions, type ResolvedDreamOptions } from './dream-options.js';
import { OBJECTIVE_OPTIONS } from './objective.js';

type Table = typeof DREAM_OPTIONS;

type Optional = {
  [K in keyof Table]: undefined extends Table[K]['default']
    ? K
    : Table[K] extends { readonly silent: true }
      ? K
      : never;
}[keyof Table];

/** All options of a dream, but for those that neither were given nor have a default, or are silent of it. */
export type RecordedOptions = Omit<ResolvedDreamOptions, Optional> & {
  readonly [K in Optional]?: Exclude<ResolvedDreamOptions[K], undefined>;
};

export function recordOptions(options: ResolvedDreamOptions): RecordedOptions {
  const table: OptionTable = DREAM_OPTIONS;
  const says = ([name, value]: [string, unknown]): boolean =>
    value !== undefined && !(table[name]?.silent && value === table[name]?.default);
  return Object.fromEntries(Object.entries(options).filter(says)) as RecordedOptions;
}

/** What parameters say of a dream beside its options, those too that a picture holds. */
const FACTS = [
  ...['model', 'modelSha256', 'objective', 'width', 'height'],
  ...['livedream', 'record', 'made', 'source', 'together', 'quality'],
];

/** Whether these are the parameters of an earlier dream, perhaps by way of JSON, and not options. */
export function isRecorded(given: object): given is { readonly modelSha256: unknown } {
  return typeof given === 'object' && given !== null && 'modelSha256' in given;
}

function objectiveOptions(objective: unknown): object {
  if (typeof objective !== 'object' || objective === null)
    throw optionTypeError('objective', "an object, as a dream's parameters have it", objective);
  const { kind, layer, channels } = objective as Record<string, unknown>;
  if (kind === 'layer') return { layer };
  if (kind === 'channels') return { layer, channels };
  throw optionRangeError('objective.kind', "'channels' or 'layer'", kind);
}

/** The options that make the dream of these parameters again; an objective that was put among them counts first. */
export function replayed(parameters: object): DreamOptions {
  const options = Object.fromEntries(Object.entries(parameters).filter(([name]) => !FACTS.includes(name)));
  const { objective } = parameters as Record<string, unknown>;
  if (OBJECTIVE_OPTIONS.some((name) => options[name] !== undefined)) return options;
  return { ...options, ...(Array.isArray(objective) ? { objective } : objectiveOptions(objective)) } as DreamOptions;
}

/** The options that a call gives, or those of a dream that was made with this model. Throws a RangeError for one of another. */
export function optionsFor(
  { name, sha256 }: { readonly name: string; readonly sha256: string },
  given: object,
): DreamOptions {
  if (!isRecorded(given)) return given;
  if (given.modelSha256 === sha256) return replayed(given);
  throw optionRangeError('modelSha256', `that of this Dreamer's model '${name}', ${sha256}`, given.modelSha256);
}
