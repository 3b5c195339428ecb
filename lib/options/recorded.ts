import { optionRangeError, optionTypeError } from '../errors.js';
import type { DreamOptions, ResolvedDreamOptions } from './dream-options.js';
import { OBJECTIVE_OPTIONS } from './objective.js';

type Optional = {
  [K in keyof ResolvedDreamOptions]: undefined extends ResolvedDreamOptions[K] ? K : never;
}[keyof ResolvedDreamOptions];

/** All options of a dream, but for those that neither were given nor have a default. */
export type RecordedOptions = Omit<ResolvedDreamOptions, Optional> & {
  readonly [K in Optional]?: Exclude<ResolvedDreamOptions[K], undefined>;
};

export function recordOptions(options: ResolvedDreamOptions): RecordedOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as RecordedOptions;
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
