import { LiveDreamError } from '../errors.js';
import { type ObjectiveRequest, readObjective } from '../options/objective.js';
import type { Preset } from '../options/preset.js';
import { nearNames } from '../options/read.js';
import { channelNumber, layerOfChannel } from './channel-names.js';
import type { Filter, ModelDescription } from './description.js';
import { type LayerSummary, nodeName } from './layer.js';

/** What a dream climbs. */
export interface Objective {
  readonly layer: string;
  /** `channels`: the mean of the weighted channels; `layer`: the mean of the squares of all. */
  readonly kind: 'channels' | 'layer';
  readonly channels: readonly { readonly channel: number; readonly weight: number }[];
}

/** What a network has, as far as names go. */
export interface KnownLayers {
  readonly layers: readonly LayerSummary[];
  /** Nodes that cannot be dreamed, each with the reason, to follow "it needs". */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** The names nearest to a wrong one, or what the network has instead. */
export function didYouMean(layer: string, layers: readonly LayerSummary[]): string {
  const names = layers.map(({ name }) => name);
  const near = nearNames(layer, names);
  if (names.length === 0) return 'It has none that can be dreamed.';
  return near.length > 0
    ? `Did you mean ${near.map((name) => `'${name}'`).join(', ')}?`
    : `It has ${names.length} layers, from '${names[0]}' to '${names[names.length - 1]}'.`;
}

/** ERR_LIVEDREAM_LAYER_UNKNOWN, with the names nearest to the wrong one, or the reason why the layer cannot be dreamed. */
export function unknownLayer(layer: string, { layers, leftOut }: KnownLayers): LiveDreamError {
  const names = layers.map(({ name }) => name);
  if (Object.hasOwn(leftOut, layer)) {
    return new LiveDreamError(
      'ERR_LIVEDREAM_LAYER_UNKNOWN',
      `The layer '${layer}' cannot be dreamed: it needs ${leftOut[layer]}.`,
    );
  }
  if (names.length === 0) {
    return new LiveDreamError(
      'ERR_LIVEDREAM_LAYER_UNKNOWN',
      `The network has no layer '${layer}', and none at all that can be dreamed.`,
    );
  }
  const hint = didYouMean(layer, layers);
  return new LiveDreamError('ERR_LIVEDREAM_LAYER_UNKNOWN', `The network has no layer '${layer}'. ${hint}`);
}

function ofFilter({ layer, channel, channels }: Filter): LayerRequest {
  return readObjective({ layer, channel, channels }) as LayerRequest;
}

/** Throws ERR_LIVEDREAM_FILTER_UNKNOWN. */
export function findFilter(name: string, model: Pick<ModelDescription, 'filters'>): Filter {
  const filters = model.filters ?? {};
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (filter) return filter;
  const names = Object.keys(filters);
  const known = names.length === 0 ? 'it has none' : `it has ${names.map((known) => `'${known}'`).join(', ')}`;
  throw new LiveDreamError('ERR_LIVEDREAM_FILTER_UNKNOWN', `The model has no filter '${name}'; ${known}.`);
}

/** The description's default layer, or for a graph without one the layer two thirds of the way: motifs, not yet objects. */
export function defaultLayer(model: ModelDescription, layers: readonly LayerSummary[]): string {
  if (model.defaultLayer !== undefined) return model.defaultLayer;
  const maps = layers.filter(({ head }) => !head);
  const chosen = maps[Math.floor((maps.length * 2) / 3)];
  if (!chosen)
    throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', 'The graph has no layer that can be dreamed.');
  return chosen.name;
}

/** The layer of channels for which none is given: that of the first channel's name, or the default. */
function layerOf(
  request: Extract<ObjectiveRequest, { kind: 'channels' }>,
  model: ModelDescription,
  { layers }: KnownLayers,
): string {
  const named = request.channels.find(({ channel }) => typeof channel === 'string')?.channel;
  return typeof named === 'string' ? layerOfChannel(model, named) : defaultLayer(model, layers);
}

/** An objective of one layer, and the options that draw it best. */
export interface ResolvedLayer {
  readonly objective: Objective;
  /** The filter's name, also where it is the model's default. */
  readonly filter?: string;
  readonly presets: readonly (Preset | undefined)[];
}

type LayerRequest = Exclude<ObjectiveRequest, { readonly kind: 'sum' }>;

/** Throws ERR_LIVEDREAM_FILTER_UNKNOWN, _LAYER_UNKNOWN or _CHANNEL_UNKNOWN. */
export function resolveLayer(request: LayerRequest, model: ModelDescription, known: KnownLayers): ResolvedLayer {
  if (request.kind === 'default') {
    const { defaultFilter: filter } = model;
    const byDefault: LayerRequest =
      filter === undefined ? { kind: 'layer', layer: defaultLayer(model, known.layers) } : { kind: 'filter', filter };
    return resolveLayer(byDefault, model, known);
  }
  if (request.kind === 'filter') {
    const filter = findFilter(request.filter, model);
    const { objective, presets } = resolveLayer(ofFilter(filter), model, known);
    return { objective, filter: request.filter, presets: [filter.options, ...presets] };
  }
  const layer = nodeName(request.kind === 'layer' ? request.layer : (request.layer ?? layerOf(request, model, known)));
  if (!known.layers.some(({ name }) => name === layer)) throw unknownLayer(layer, known);
  const asked = request.kind === 'channels' ? request.channels : [];
  const channels = asked.map(({ channel, weight }) => ({ channel: channelNumber(model, layer, channel), weight }));
  return { objective: { layer, kind: request.kind, channels }, presets: [model.defaultOptions] };
}
