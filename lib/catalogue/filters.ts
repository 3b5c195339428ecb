import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { withCaller } from '../caller.js';
import { Dreamer } from '../dreamer.js';
import { LiveDreamError, optionRangeError, optionTypeError } from '../errors.js';
import { makeFolder } from '../files/folder.js';
import { channelNumber } from '../model/channel-names.js';
import type { Filter, ModelDescription } from '../model/description.js';
import { nodeName } from '../model/layer.js';
import { isPlainName, readOwnFilters } from '../model/own.js';
import { DEFAULT_MODEL } from '../model/source.js';
import { readSignal } from '../options/control.js';
import { type Channel, type ChannelWeight, readObjective } from '../options/objective.js';
import { PRESET_OPTIONS, type Preset, readPreset } from '../options/preset.js';
import { nearNames, refuseUnknown } from '../options/read.js';
import { ownFiltersFile } from '../runtime/environment.js';
import { type Known, knownModel } from './entries.js';
import { keeping, toText, writeWhole } from './keep.js';
import { checkFilterName } from './names.js';

/** What a filter is to dream, and the options that draw it best. */
export type FilterOptions = Preset & {
  readonly layer: string;
  readonly channel?: Channel | undefined;
  readonly channels?: readonly (Channel | ChannelWeight)[] | undefined;
  /** Replaces a filter of that name, the model's or your own. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
};

export interface NamedFilter {
  readonly model: string;
  readonly filter: string;
  /** The file that it is kept in. */
  readonly file: string;
  readonly definition: Filter;
}

const OTHERS = ['layer', 'channel', 'channels', 'force', 'signal'] as const;

function readFilter(given: FilterOptions): Filter {
  if (typeof given !== 'object' || given === null) throw optionTypeError('options', 'an object', given);
  refuseUnknown(given, [...OTHERS, ...Object.keys(PRESET_OPTIONS)]);
  const { layer, channel, channels, force, signal: _signal, ...preset } = given;
  if (typeof layer !== 'string') throw optionTypeError('layer', 'the name of a layer', layer);
  if (force !== undefined && typeof force !== 'boolean') throw optionTypeError('force', 'true or false', force);
  readObjective({ layer, channel, channels });
  const there = Object.fromEntries(Object.entries(preset).filter(([, value]) => value !== undefined));
  const options = readPreset(there);
  return {
    layer: nodeName(layer),
    ...(channel === undefined ? {} : { channel }),
    ...(channels === undefined ? {} : { channels }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

async function findModel(model: string): Promise<Known> {
  if (typeof model !== 'string') throw optionTypeError('model', "a model's name", model);
  const known = isPlainName(model) ? await knownModel(model) : undefined;
  if (known) return known;
  const repair =
    'Filters are kept for models that go by a name: `npx livedream models` lists them, `npx livedream models add` adds one.';
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', `There is no model '${model}'.`, { repair });
}

/** Whether the description alone tells that the filter fits; throws where it tells that it does not. */
function fitsDescription({ layer, channel, channels }: Filter, description: ModelDescription): boolean {
  const described = description.layers?.find(({ name }) => name === layer);
  if (described === undefined) return false;
  for (const entry of channels ?? (channel === undefined ? [] : [channel])) {
    const number = channelNumber(description, layer, typeof entry === 'object' ? entry.channel : entry);
    if (number < described.channels) continue;
    const text = `The layer '${layer}' has no channel ${number}; it has ${described.channels}, from 0.`;
    throw new LiveDreamError('ERR_LIVEDREAM_CHANNEL_RANGE', text);
  }
  return true;
}

/** Asks the network itself, which says it as a dream would. */
async function checkWithNetwork(
  model: string,
  { layer, channel, channels }: Filter,
  signal: AbortSignal,
): Promise<void> {
  const dreamer = await Dreamer.load({ model, device: 'cpu', xla: false, signal });
  try {
    const { channels: count } = await dreamer.layer(layer);
    const names = { channelNames: { [layer]: dreamer.channelNames(layer) } };
    const described = { ...names, layers: [{ name: layer, channels: count, stride: 1, leastSize: 1 }] };
    fitsDescription(
      { layer, ...(channel === undefined ? {} : { channel }), ...(channels === undefined ? {} : { channels }) },
      described,
    );
  } finally {
    await dreamer.dispose();
  }
}

async function write(model: string, filters: Readonly<Record<string, Filter>>, temporary: string): Promise<string> {
  const file = ownFiltersFile(model);
  if (Object.keys(filters).length === 0) {
    await rm(file, { force: true });
    // Of a model that is not in it; another's folder is not empty.
    await rmdir(path.dirname(file)).catch(() => undefined);
  } else {
    await makeFolder(path.dirname(file));
    await writeWhole(file, toText(filters), temporary);
  }
  return file;
}

/**
 * Keeps a filter of the user's own for a model that goes by a name, the package's too. It comes before the model's own of that name, and
 * goes by it from then on: `filter: NAME`.
 * @throws TypeError or RangeError for wrong options and for a name that is taken, without `force`; LiveDreamError
 * ERR_LIVEDREAM_MODEL_UNKNOWN, _LAYER_UNKNOWN, _CHANNEL_RANGE, _CHANNEL_UNKNOWN, _OUTPUT_UNWRITABLE.
 * @example
 * ```ts
 * import { Dreamer, nameFilter } from 'livedream';
 *
 * await nameFilter('dream', 'birds', { layer: 'classes', channels: ['parrot', 'flamingo'], octaves: 4 });
 * await using dreamer = await Dreamer.load();
 * const dream = await dreamer.dream('photo.jpg', { filter: 'birds' });
 * ```
 */
export async function nameFilter(model: string, filter: string, options: FilterOptions): Promise<NamedFilter> {
  const name = checkFilterName(filter);
  const definition = readFilter(options);
  return withCaller(readSignal(options.signal), async (caller) => {
    const known = await findModel(model);
    if (!fitsDescription(definition, known.description))
      await caller.hear(checkWithNetwork(model, definition, caller.signal));
    const file = await keeping(`The filter '${name}'`, caller.signal, async (temporary) => {
      const { filters } = await readOwnFilters(model);
      const taken = Object.hasOwn({ ...known.description.filters, ...filters }, name);
      if (taken && options.force !== true)
        throw optionRangeError(
          'filter',
          `another name, as '${model}' has a filter of this one (force replaces it)`,
          name,
        );
      return write(model, { ...filters, [name]: definition }, temporary);
    });
    return { model, filter: name, file, definition };
  });
}

/**
 * Removes a filter that was named by `nameFilter`; one of the model's own that it hid is there again.
 * @throws LiveDreamError ERR_LIVEDREAM_MODEL_UNKNOWN, _FILTER_UNKNOWN, _OUTPUT_UNWRITABLE.
 * @example
 * ```ts
 * import { removeFilter } from 'livedream';
 *
 * await removeFilter('dream', 'birds');
 * ```
 */
export async function removeFilter(
  model: string,
  filter: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  return withCaller(readSignal(options.signal), async ({ signal }) => {
    const { description } = await findModel(model);
    await keeping(`The removal of '${filter}'`, signal, async (temporary) => {
      const { filters } = await readOwnFilters(model);
      if (!Object.hasOwn(filters, filter)) throw notOwn(model, filter, { filters, description });
      const { [filter]: _removed, ...rest } = filters;
      await write(model, rest, temporary);
    });
  });
}

function notOwn(
  model: string,
  filter: string,
  { filters, description }: { filters: Readonly<Record<string, Filter>>; description: ModelDescription },
): LiveDreamError {
  const names = Object.keys(filters);
  const near = nearNames(filter, names);
  const shown = (near.length > 0 ? near : names).map((name) => `'${name}'`).join(', ');
  const of = model === DEFAULT_MODEL ? "the package's model" : `'${model}'`;
  const own = shown === '' ? `you have named none of ${of}` : `yours of ${of}: ${shown}`;
  const text = Object.hasOwn(description.filters ?? {}, filter)
    ? `The filter '${filter}' comes with the model, and cannot be removed; ${own}.`
    : `You have no filter '${filter}'; ${own}.`;
  return new LiveDreamError('ERR_LIVEDREAM_FILTER_UNKNOWN', text, {
    repair: '`npx livedream models show NAME` lists the filters.',
  });
}
