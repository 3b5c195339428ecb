import { LiveDreamError } from '../errors.js';
import { nearNames } from '../options/read.js';
import { channelNumber } from './channel-names.js';
import { otherChannels } from './described-layers.js';
import type { Filter, ModelDescription } from './description.js';
import { type LayerSummary, nodeName } from './layer.js';
import { didYouMean, type KnownLayers } from './objective.js';

/** What is wrong with a layer that a field names; nothing where it is there, or there and cannot be dreamed. */
function layerFault(given: string, { layers, leftOut }: KnownLayers): string | undefined {
  const name = nodeName(given);
  // Why it cannot be dreamed is said to whoever dreams it: a value for a placeholder may be all that it needs.
  if (layers.some((layer) => layer.name === name) || Object.hasOwn(leftOut, name)) return undefined;
  return `names the layer '${given}', which the network does not have. ${didYouMean(name, layers)}`;
}

function channelsFault(filter: Filter, model: ModelDescription, layer: LayerSummary): string | undefined {
  const { channel, channels = channel === undefined ? [] : [channel] } = filter;
  for (const entry of channels) {
    const given = typeof entry === 'object' ? entry.channel : entry;
    const number = channelNumber(model, layer.name, given);
    if (number >= layer.channels)
      return `names channel ${number}, but the layer '${layer.name}' has channels 0 to ${layer.channels - 1}.`;
  }
  return undefined;
}

/** What is wrong with a filter, to follow its name; undefined where the network can dream it. */
export function filterFault(filter: Filter, model: ModelDescription, known: KnownLayers): string | undefined {
  const fault = layerFault(filter.layer, known);
  if (fault !== undefined) return fault;
  const layer = known.layers.find(({ name }) => name === nodeName(filter.layer));
  try {
    return layer && channelsFault(filter, model, layer);
  } catch (error) {
    if (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_CHANNEL_UNKNOWN')
      return `does not fit: ${error.message}`;
    throw error;
  }
}

function* faults(model: ModelDescription, known: KnownLayers): Generator<[field: string, fault: string | undefined]> {
  const { defaultLayer, defaultFilter, filters = {}, layers = [] } = model;
  if (defaultLayer !== undefined) yield ["'defaultLayer'", layerFault(defaultLayer, known)];
  if (defaultFilter !== undefined && !Object.hasOwn(filters, defaultFilter)) {
    const near = nearNames(defaultFilter, Object.keys(filters)).map((name) => `'${name}'`);
    const hint = near.length > 0 ? ` Did you mean ${near.join(', ')}?` : '';
    yield ["'defaultFilter'", `names the filter '${defaultFilter}', which is none of 'filters'.${hint}`];
  }
  for (const [name, filter] of Object.entries(filters)) yield [`filter '${name}'`, filterFault(filter, model, known)];
  for (const [index, layer] of layers.entries()) {
    const field = `'layers[${index}]'`;
    yield [field, layerFault(layer.name, known)];
    const there = known.layers.find(({ name }) => name === nodeName(layer.name));
    yield [field, there && otherChannels(layer, there)];
  }
}

/**
 * Throws ERR_LIVEDREAM_MODEL_UNREADABLE, naming the field, for a description that does not fit its network: a layer that is not
 * there, with near names, a channel that the layer does not have, a default filter without its filter.
 */
export function checkFits(model: ModelDescription, known: KnownLayers): void {
  for (const [field, fault] of faults(model, known)) {
    if (fault === undefined) continue;
    const text = `The description does not fit its network: ${field} ${fault}`;
    throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', /[.?]$/.test(text) ? text : `${text}.`);
  }
}
