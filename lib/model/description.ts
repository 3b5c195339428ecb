import { describeValue, LiveDreamError } from '../errors.js';
import { type Channel, type ChannelWeight, readObjective } from '../options/objective.js';
import { type Preset, readPreset } from '../options/preset.js';
import { nearNames } from '../options/read.js';
import { type DescribedLayer, describedLayerFault, LAYER_FIELDS } from './described-layers.js';
import { FETCH_FIELDS, type FetchDescription, fetchFault } from './fetch-description.js';

/** How the network wants its picture: it sees `(x - mean) * scale`, x in 0..255. */
export interface Preprocessing {
  /** Default `rgb`. */
  readonly channelOrder?: 'rgb' | 'bgr';
  /**
   * One number, or three in the network's channel order. Default 117, as inception5h has it; 0 for an input of integers, and
   * for a SavedModel that begins with arithmetic of its own; else for a SavedModel 127.5.
   */
  readonly mean?: number | readonly [number, number, number];
  /** Default 1; for a SavedModel without arithmetic of its own and without `mean` 1/127.5. */
  readonly scale?: number;
}

/** Values of placeholders that are not the picture: one, or a list of them. */
export type Feeds = Readonly<Record<string, number | boolean | readonly (number | boolean)[]>>;

/** What a name of the catalogue dreams: channels of a layer, or without channels the whole layer. */
export interface Filter {
  readonly layer: string;
  readonly channel?: Channel;
  readonly channels?: readonly (Channel | ChannelWeight)[];
  /** What draws it best; the caller's options override it. */
  readonly options?: Preset;
}

/** A model, as model.json beside a `.pb` or an object describes it. */
export interface ModelDescription {
  readonly name?: string;
  readonly title?: string;
  readonly licence?: string;
  readonly provenance?: string;
  /**
   * The node that takes the picture: a placeholder, or a node of floats within the graph, which is then cut off from what
   * computed it. Default `input`, the only placeholder, or the only one that looks like a picture's.
   */
  readonly input?: string;
  /** Of a SavedModel: the signature to dream through; default `serving_default`, or the only one. */
  readonly signature?: string;
  /** Values of other placeholders, such as `{ keep_prob: 1 }`. */
  readonly feeds?: Feeds;
  readonly preprocessing?: Preprocessing;
  readonly defaultLayer?: string;
  readonly defaultFilter?: string;
  readonly filters?: Readonly<Record<string, Filter>>;
  /** What draws this model's layers best, below a filter's own options. */
  readonly defaultOptions?: Preset;
  /** Names of the channels of layers, each in the order of its channels, such as a head's classes. */
  readonly channelNames?: Readonly<Record<string, readonly string[]>>;
  /** Of the graph's file, in hex; checked where it is given. */
  readonly sha256?: string;
  /** Of the graph's file, or of all files of a SavedModel; for listings. */
  readonly bytes?: number;
  /** What can be dreamed, all of it or what is worth it: for listings, and checked against the network when it is loaded. */
  readonly layers?: readonly DescribedLayer[];
  /** Of a model of the package without its graph: where that is fetched from. */
  readonly fetch?: FetchDescription;
}

/** Everything that a description may have; `graph` only in a model.json. */
const FIELDS = {
  name: 'text',
  title: 'text',
  licence: 'text',
  provenance: 'text',
  graph: 'text',
  sha256: 'text',
  input: 'text',
  signature: 'text',
  feeds: 'part',
  preprocessing: 'part',
  defaultLayer: 'text',
  defaultFilter: 'text',
  defaultOptions: 'part',
  filters: 'part',
  channelNames: 'part',
  bytes: 'part',
  layers: 'part',
  fetch: 'part',
  // For editors, and for people, as JSON has no comments.
  $schema: 'unread',
  notes: 'unread',
} as const satisfies Record<keyof ModelDescription | 'graph' | '$schema' | 'notes', 'text' | 'part' | 'unread'>;

const PREPROCESSING_FIELDS = { channelOrder: true, mean: true, scale: true } satisfies Record<
  keyof Preprocessing,
  true
>;
const FILTER_FIELDS = { layer: true, channel: true, channels: true, options: true } satisfies Record<
  keyof Filter,
  true
>;

function wrong(where: string, what: string): LiveDreamError {
  const end = what.endsWith('?') ? '' : '.';
  return new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', `The description ${where}: ${what}${end}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws for a field that nothing would read, such as a misspelt one. `of` names what is inside the description. */
function refuseUnknownFields(value: object, fields: object, where: string, of = ''): void {
  const known = Object.keys(fields);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearNames(unknown, known).map((name) => `'${name}'`);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `it may have ${known.join(', ')}`;
  throw wrong(where, `${of}there is no field '${unknown}'; ${hint}`);
}

function isMean(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return Array.isArray(value) && value.length === 3 && value.every((entry) => Number.isFinite(entry));
}

function shown(mean: unknown): string {
  return Array.isArray(mean) ? `[${mean.slice(0, 4).map(describeValue).join(', ')}]` : describeValue(mean);
}

function checkPreprocessing(value: unknown, where: string): void {
  if (value === undefined) return;
  if (!isRecord(value)) throw wrong(where, `'preprocessing' must be an object, but is ${describeValue(value)}`);
  refuseUnknownFields(value, PREPROCESSING_FIELDS, where, "in 'preprocessing' ");
  const { channelOrder, mean, scale } = value;
  if (channelOrder !== undefined && channelOrder !== 'rgb' && channelOrder !== 'bgr') {
    throw wrong(where, `'preprocessing.channelOrder' must be 'rgb' or 'bgr', but is ${describeValue(channelOrder)}`);
  }
  if (mean !== undefined && !isMean(mean))
    throw wrong(where, `'preprocessing.mean' must be a number or a list of three, but is ${shown(mean)}`);
  if (scale !== undefined && (typeof scale !== 'number' || !Number.isFinite(scale) || scale === 0)) {
    throw wrong(where, `'preprocessing.scale' must be a number other than 0, but is ${describeValue(scale)}`);
  }
}

function isFeed(value: unknown): boolean {
  return (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean';
}

function checkFeeds(value: unknown, where: string): void {
  if (value === undefined) return;
  if (!isRecord(value)) throw wrong(where, `'feeds' must be an object of values, but is ${describeValue(value)}`);
  for (const [name, feed] of Object.entries(value)) {
    if (isFeed(feed) || (Array.isArray(feed) && feed.every(isFeed))) continue;
    throw wrong(
      where,
      `'feeds.${name}' must be a number, true, false, or a list of them, but is ${describeValue(feed)}`,
    );
  }
}

/** Runs a check of options, whose error then names the description and the field. */
function checkAs(where: string, field: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw wrong(where, `in ${field}: ${error.message.replace(/\.$/, '')}`);
  }
}

function checkPreset(value: unknown, where: string, field: string): void {
  if (value === undefined) return;
  if (!isRecord(value)) throw wrong(where, `${field} must be an object, but is ${describeValue(value)}`);
  checkAs(where, field, () => readPreset(value));
}

/** As `checkDescription`, of filters alone. */
export function checkFilters(value: unknown, where: string): void {
  if (value === undefined) return;
  if (!isRecord(value)) throw wrong(where, `'filters' must be an object, but is ${describeValue(value)}`);
  for (const [name, filter] of Object.entries(value)) {
    if (!isRecord(filter)) throw wrong(where, `filter '${name}' must be an object, but is ${describeValue(filter)}`);
    refuseUnknownFields(filter, FILTER_FIELDS, where, `in filter '${name}' `);
    if (typeof filter['layer'] !== 'string')
      throw wrong(where, `filter '${name}' must name a layer, but its 'layer' is ${describeValue(filter['layer'])}`);
    const { layer, channel, channels, options } = filter;
    checkAs(where, `filter '${name}'`, () => readObjective({ layer, channel, channels }));
    checkPreset(options, where, `'options' of filter '${name}'`);
  }
}

function checkChannelNames(value: unknown, where: string): void {
  if (value === undefined) return;
  if (!isRecord(value)) throw wrong(where, `'channelNames' must be an object of lists, but is ${describeValue(value)}`);
  for (const [layer, names] of Object.entries(value)) {
    if (!Array.isArray(names))
      throw wrong(where, `'channelNames.${layer}' must be a list of names, but is ${describeValue(names)}`);
    const nameless = names.findIndex((name) => typeof name !== 'string' || name === '');
    if (nameless >= 0)
      throw wrong(
        where,
        `'channelNames.${layer}[${nameless}]' must be a name, but is ${describeValue(names[nameless])}`,
      );
  }
}

function checkFetch({ fetch, sha256 }: Record<string, unknown>, where: string): void {
  if (fetch === undefined) return;
  if (!isRecord(fetch)) throw wrong(where, `'fetch' must be an object, but is ${describeValue(fetch)}`);
  refuseUnknownFields(fetch, FETCH_FIELDS, where, "in 'fetch' ");
  const fault = fetchFault(fetch, sha256);
  if (fault !== undefined) throw wrong(where, fault);
}

function checkLayers(value: unknown, where: string): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw wrong(where, `'layers' must be a list of layers, but is ${describeValue(value)}`);
  for (const [index, layer] of value.entries()) {
    if (!isRecord(layer)) throw wrong(where, `'layers[${index}]' must be an object, but is ${describeValue(layer)}`);
    refuseUnknownFields(layer, LAYER_FIELDS, where, `in 'layers[${index}]' `);
    const fault = describedLayerFault(layer, index);
    if (fault !== undefined) throw wrong(where, fault);
  }
}

function checkFile({ sha256, bytes }: Record<string, unknown>, where: string): void {
  if (sha256 !== undefined && !/^[\da-f]{64}$/i.test(String(sha256)))
    throw wrong(where, `'sha256' must be 64 hexadecimal digits, but is ${describeValue(sha256)}`);
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && (bytes as number) > 0))
    throw wrong(where, `'bytes' must be a whole number above 0, but is ${describeValue(bytes)}`);
}

/** Throws ERR_LIVEDREAM_MODEL_UNREADABLE, saying which field is wrong. `where` tells whose description it is. */
export function checkDescription(value: unknown, where: string): ModelDescription {
  if (!isRecord(value)) throw wrong(where, `it must be an object, but is ${describeValue(value)}`);
  refuseUnknownFields(value, FIELDS, where);
  for (const [field, kind] of Object.entries(FIELDS)) {
    if (kind !== 'text') continue;
    const text = value[field];
    if (text !== undefined && (typeof text !== 'string' || text === ''))
      throw wrong(where, `'${field}' must be a string, and not empty, but is ${describeValue(text)}`);
  }
  checkPreprocessing(value['preprocessing'], where);
  checkFeeds(value['feeds'], where);
  checkFilters(value['filters'], where);
  checkPreset(value['defaultOptions'], where, "'defaultOptions'");
  checkChannelNames(value['channelNames'], where);
  checkLayers(value['layers'], where);
  checkFetch(value, where);
  checkFile(value, where);
  return value as ModelDescription;
}
