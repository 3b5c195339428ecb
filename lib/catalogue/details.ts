import { Dreamer } from '../dreamer.js';
import { optionRangeError } from '../errors.js';
import type { DescribedLayer } from '../model/described-layers.js';
import type { Filter, ModelDescription, Preprocessing } from '../model/description.js';
import { isPlainName, readOwnFilters } from '../model/own.js';
import { type ModelInput, openModel } from '../model/source.js';
import { type Known, knownModel, type ModelOrigin } from './entries.js';
import { layersOf } from './look.js';
import { bytesOf } from './sizes.js';

/** What the network takes as its picture, as far as it is known without loading it. */
export interface DetailedInput {
  readonly name?: string;
  readonly type?: string;
  readonly shape?: string;
}

/** All that is known of a model. */
export interface ModelDetails {
  readonly name: string;
  /** `path`: it goes by no name. */
  readonly origin: ModelOrigin | 'path';
  readonly title?: string;
  readonly licence?: string;
  readonly provenance?: string;
  readonly notes?: unknown;
  readonly graph?: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly input: DetailedInput;
  readonly preprocessing: Preprocessing;
  readonly defaultLayer?: string;
  readonly defaultFilter?: string;
  readonly defaultOptions?: object;
  readonly filters: Readonly<Record<string, Filter>>;
  /** Of these, the user's own. */
  readonly ownFilters: readonly string[];
  readonly layers: readonly DescribedLayer[];
  /** How many channels of a layer have names. */
  readonly named: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

const TEXTS = ['title', 'licence', 'provenance', 'notes', 'sha256', 'defaultLayer', 'defaultFilter', 'defaultOptions'];

type Network = Pick<ModelDetails, 'input' | 'preprocessing' | 'layers' | 'warnings'>;

async function fromNetwork(model: ModelInput, signal: AbortSignal): Promise<Network> {
  const dreamer = await Dreamer.load({ model, device: 'cpu', xla: false, signal });
  try {
    const { name, type, shape, channelOrder, mean, scale } = dreamer.input;
    const layers = await layersOf(dreamer, signal);
    return {
      input: { name, type, ...(shape === undefined ? {} : { shape }) },
      preprocessing: { channelOrder, mean: new Set(mean).size === 1 ? mean[0] : mean, scale },
      layers: layers.map(({ name, channels, stride, leastSize }) => ({ name, channels, stride, leastSize })),
      warnings: dreamer.warnings,
    };
  } finally {
    await dreamer.dispose();
  }
}

function fromDescription({ input, preprocessing = {}, layers = [] }: ModelDescription): Network {
  return { input: input === undefined ? {} : { name: input }, preprocessing, layers, warnings: [] };
}

function facts(description: ModelDescription): Partial<ModelDetails> {
  const values = description as Readonly<Record<string, unknown>>;
  const there = TEXTS.filter((name) => values[name] !== undefined).map((name) => [name, values[name]] as const);
  return Object.fromEntries(there);
}

function namesIn({ channelNames = {} }: ModelDescription): Record<string, number> {
  return Object.fromEntries(Object.entries(channelNames).map(([layer, names]) => [layer, names.length]));
}

async function ofKnown(name: string, known: Known, signal: AbortSignal): Promise<ModelDetails> {
  const { origin, description, graph } = known;
  const own = await readOwnFilters(name);
  // What is not here cannot be looked at, and what is described need not be.
  const enough = description.layers !== undefined || origin === 'fetchable';
  const network = enough ? fromDescription(description) : await fromNetwork(name, signal);
  const bytes = graph === undefined ? description.fetch?.bytes : await bytesOf(graph).catch(() => description.bytes);
  return {
    ...{ name, origin },
    ...facts(description),
    ...(graph === undefined ? {} : { graph }),
    ...(bytes === undefined ? {} : { bytes }),
    ...network,
    filters: { ...description.filters, ...own.filters },
    ownFilters: Object.keys(own.filters),
    named: namesIn(description),
  };
}

async function ofPath(given: string, described: ModelDescription, signal: AbortSignal): Promise<ModelDetails> {
  const model = Object.keys(described).length === 0 ? given : { graph: given, ...described };
  const { name, description, place, sha256 } = await openModel(model);
  const network = await fromNetwork(model, signal);
  const { filters = {} } = description;
  return {
    ...{ name, origin: 'path', ...facts(description), sha256 },
    ...(place === undefined ? {} : { graph: place, bytes: await bytesOf(place) }),
    ...network,
    ...{ filters, ownFilters: [], named: namesIn(description) },
  };
}

/**
 * What a model is and has, by its name or path. Its network is only loaded where its description does not list the layers.
 * Rejects as `Dreamer.load` does.
 * @param described what else is known of a model that goes by its path
 */
export async function modelDetails(
  model: string,
  described: ModelDescription,
  signal: AbortSignal,
): Promise<ModelDetails> {
  const known = isPlainName(model) ? await knownModel(model) : undefined;
  if (!known) return ofPath(model, described, signal);
  if (Object.keys(described).length === 0) return ofKnown(model, known, signal);
  throw optionRangeError('model', 'a path, where its preprocessing or input is given', model);
}
