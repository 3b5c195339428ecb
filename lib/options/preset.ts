import type { ResolvedOptions } from './description.js';
import { DREAM_OPTIONS, type DreamOptions } from './dream-options.js';
import { readOptions } from './read.js';

const { octaves, octaveScale, iterations, step, normalize, sigma, chroma, equalize } = DREAM_OPTIONS;

/** The options that a model or a filter may have values of its own for; what the caller gives overrides them. */
export const PRESET_OPTIONS = { octaves, octaveScale, iterations, step, normalize, sigma, chroma, equalize } as const;

export type Preset = Pick<DreamOptions, keyof typeof PRESET_OPTIONS>;

/** Only the options that are there, checked. Throws TypeError or RangeError with a code, naming the option. */
export function readPreset(value: object): Preset {
  const read: ResolvedOptions<typeof PRESET_OPTIONS> = readOptions(PRESET_OPTIONS, value);
  return Object.fromEntries(Object.keys(value).map((name) => [name, read[name as keyof Preset]]));
}

/** The options given, over the presets, the first of which counts most. */
export function withPresets(given: DreamOptions, ...presets: readonly (Preset | undefined)[]): DreamOptions {
  const there = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.assign({}, ...[...presets].reverse(), Object.fromEntries(there)) as DreamOptions;
}
