import type { ObjectiveRequest } from '../options/objective.js';
import type { Preset } from '../options/preset.js';
import type { ModelDescription } from './description.js';
import { type KnownLayers, resolveLayer } from './objective.js';
import { resolveTerms } from './sum.js';
import { type ObjectiveRecord, type Term, termRecord } from './terms.js';

/** What the engine is to climb, and the options that draw it best. */
export interface Resolved {
  /** Of a sum without what only a guide's picture tells. */
  readonly objective: ObjectiveRecord;
  readonly terms: readonly Term[];
  /** The filter's name, also where it is the model's default. */
  readonly filter?: string;
  readonly presets: readonly (Preset | undefined)[];
}

/** Throws ERR_LIVEDREAM_FILTER_UNKNOWN, _LAYER_UNKNOWN, _CHANNEL_UNKNOWN or _CHANNEL_RANGE. */
export function resolveObjective(request: ObjectiveRequest, model: ModelDescription, known: KnownLayers): Resolved {
  if (request.kind === 'sum') {
    const terms = resolveTerms(request.terms, model, known);
    return { objective: terms.map(termRecord), terms, presets: [model.defaultOptions] };
  }
  const resolved = resolveLayer(request, model, known);
  return { ...resolved, terms: [{ ...resolved.objective, weight: 1 }] };
}
