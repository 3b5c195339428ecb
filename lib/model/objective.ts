import type { NativeLayerSummary, NativeObjective } from '../binding/native.js';
import { LiveDreamError } from '../errors.js';
import { type ObjectiveRequest, readObjective } from '../options/objective.js';
import { nearNames } from '../options/read.js';
import type { Filter, ModelDescription } from './description.js';

/** ERR_LIVEDREAM_LAYER_UNKNOWN, with the names nearest to the wrong one. */
export function unknownLayer(layer: string, layers: readonly NativeLayerSummary[]): LiveDreamError {
  const names = layers.map(({ name }) => name);
  const near = nearNames(layer, names);
  const hint =
    near.length > 0
      ? `Did you mean ${near.map((name) => `'${name}'`).join(', ')}?`
      : `It has ${names.length} layers, from '${names[0]}' to '${names[names.length - 1]}'.`;
  return new LiveDreamError('ERR_LIVEDREAM_LAYER_UNKNOWN', `The network has no layer '${layer}'. ${hint}`);
}

function ofFilter({ layer, channel, channels }: Filter): ObjectiveRequest {
  return readObjective({ layer, channel, channels });
}

function findFilter(name: string, model: ModelDescription): ObjectiveRequest {
  const filters = model.filters ?? {};
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (filter) return ofFilter(filter);
  const names = Object.keys(filters);
  const known = names.length === 0 ? 'it has none' : `it has ${names.map((known) => `'${known}'`).join(', ')}`;
  throw new LiveDreamError('ERR_LIVEDREAM_FILTER_UNKNOWN', `The model has no filter '${name}'; ${known}.`);
}

function defaultRequest(model: ModelDescription, layers: readonly NativeLayerSummary[]): ObjectiveRequest {
  if (model.defaultFilter !== undefined) return findFilter(model.defaultFilter, model);
  return { kind: 'layer', layer: defaultLayer(model, layers) };
}

/** The description's default layer, or for a graph without one the layer two thirds of the way: motifs, not yet objects. */
function defaultLayer(model: ModelDescription, layers: readonly NativeLayerSummary[]): string {
  if (model.defaultLayer !== undefined) return model.defaultLayer;
  const chosen = layers[Math.floor((layers.length * 2) / 3)];
  if (!chosen)
    throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', 'The graph has no layer that can be dreamed.');
  return chosen.name;
}

/** What the engine is to climb. Throws ERR_LIVEDREAM_FILTER_UNKNOWN or ERR_LIVEDREAM_LAYER_UNKNOWN. */
export function resolveObjective(
  request: ObjectiveRequest,
  model: ModelDescription,
  layers: readonly NativeLayerSummary[],
): NativeObjective {
  if (request.kind === 'default') return resolveObjective(defaultRequest(model, layers), model, layers);
  if (request.kind === 'filter') return resolveObjective(findFilter(request.filter, model), model, layers);
  const layer = request.layer ?? defaultLayer(model, layers);
  if (!layers.some(({ name }) => name === layer)) throw unknownLayer(layer, layers);
  return { layer, kind: request.kind, channels: request.kind === 'channels' ? request.channels : [] };
}
