import { objectSchema as objectOf, type Schema, tableSchemas, textSchema } from '../options/json-schema.js';
import { PRESET_OPTIONS } from '../options/preset.js';
import type { DescribedLayer } from './described-layers.js';
import type { Filter, ModelJson, Preprocessing } from './description.js';
import type { FetchDescription } from './fetch-description.js';

type SchemasOf<T> = Readonly<Record<keyof Required<T>, Schema>>;

const text = textSchema();
const hash: Schema = { type: 'string', pattern: '^[0-9a-fA-F]{64}$' };
const count: Schema = { type: 'integer', minimum: 1 };
const list = (items: Schema, more: object = {}): Schema => ({ type: 'array', items, ...more });
const named = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
const either = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas });

function about(description: string, schema: Schema): Schema {
  return { description, ...schema };
}

const preset = objectOf(tableSchemas(PRESET_OPTIONS));

const channel = either({ type: 'integer', minimum: 0 }, text);
const weighted = objectOf({ channel, weight: { type: 'number' } }, ['channel']);

const filter: SchemasOf<Filter> = {
  layer: about('The layer that is dreamed.', text),
  channel: about('One channel of it, by number or name; without channels the whole layer.', channel),
  channels: about('Several channels, each with a weight or without.', list(either(channel, weighted), { minItems: 1 })),
  options: about('What draws it best.', preset),
};

const preprocessing: SchemasOf<Preprocessing> = {
  channelOrder: about('How the network takes colours.', { enum: ['rgb', 'bgr'] }),
  mean: about(
    "What is subtracted from 0..255: one number, or three in the network's order.",
    either({ type: 'number' }, list({ type: 'number' }, { minItems: 3, maxItems: 3 })),
  ),
  scale: about('What the difference is multiplied with; not 0.', { type: 'number', not: { const: 0 } }),
};

const layer: SchemasOf<DescribedLayer> = {
  name: text,
  channels: count,
  stride: about('Pixels of the picture for one position.', { type: 'number', exclusiveMinimum: 0 }),
  leastSize: about('The least side of a picture.', count),
};

const fetch: SchemasOf<FetchDescription> = {
  url: about('Of a zip archive.', { type: 'string', format: 'uri' }),
  sha256: about('Of the archive.', hash),
  bytes: about('Of the archive.', count),
  graph: about("The graph's path in the archive.", text),
  labels: about('The path of the text of its labels.', text),
  labelsSha256: about('Of the labels.', hash),
};

const feed = either({ type: 'number' }, { type: 'boolean' });

const FIELDS: SchemasOf<ModelJson> = {
  $schema: { type: 'string' },
  notes: about('For people; nothing reads it.', {}),
  name: about('What it goes by.', text),
  title: text,
  licence: text,
  provenance: text,
  graph: about("The graph's file or the SavedModel's folder, from here; default graph.pb.", text),
  sha256: about("Of the graph's file; checked.", hash),
  bytes: about("Of the graph's file.", count),
  input: about('The node that takes the picture.', text),
  signature: about('Of a SavedModel: the signature to dream through.', text),
  feeds: about('Values of other placeholders.', named(either(feed, list(feed)))),
  preprocessing: about('The network sees (x - mean) * scale, x in 0..255.', objectOf(preprocessing)),
  defaultLayer: text,
  defaultFilter: about("One of 'filters'.", text),
  defaultOptions: about("What draws this model's layers best.", preset),
  filters: about('Names for what it dreams.', named(objectOf(filter, ['layer']))),
  channelNames: about("Names of layers' channels, all of them in order.", named(list(text))),
  layers: about('What can be dreamed.', list(objectOf(layer, ['name', 'channels', 'stride', 'leastSize']))),
  fetch: about('Where a graph that is not here is fetched from.', objectOf(fetch, ['url', 'sha256', 'bytes', 'graph'])),
};

/** The JSON schema of a model.json, for editors; models/model.schema.json is it. */
export function descriptionSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'The description of a model for livedream',
    ...objectOf(FIELDS),
  };
}
