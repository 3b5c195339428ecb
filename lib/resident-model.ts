import { fromNative } from './binding/errors.js';
import type {
  NativeAddon,
  NativeCancellation,
  NativeFeed,
  NativeInput,
  NativeLayersCost,
  NativeModel,
  NativeModelSpec,
} from './binding/native.js';
import type { Engines } from './engines.js';
import { channelNames, checkChannelNames } from './model/channel-names.js';
import type { Feeds, Filter, ModelDescription } from './model/description.js';
import { checkFits, filterFault } from './model/fit.js';
import { type Layer, type LayerSummary, nodeName } from './model/layer.js';
import { unknownLayer } from './model/objective.js';
import { type Resolved, resolveObjective } from './model/resolve.js';
import type { ModelSource } from './model/source.js';
import { onAbort } from './on-abort.js';
import type { ObjectiveRequest } from './options/objective.js';
import type { Preset } from './options/preset.js';
import type { Size } from './size.js';

function nativeFeeds(feeds: Feeds): NativeFeed[] {
  return Object.entries(feeds).map(([placeholder, given]) => {
    const values = typeof given === 'object' ? given : [given];
    return { placeholder: nodeName(placeholder), values: values.map(Number), scalar: typeof given !== 'object' };
  });
}

function nativeSpec({ description, graph, checkpoint }: ModelSource): NativeModelSpec {
  const { input, signature, feeds = {} } = description;
  const { channelOrder = 'rgb', mean, scale } = description.preprocessing ?? {};
  return {
    graph,
    channelOrder,
    feeds: nativeFeeds(feeds),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(signature === undefined ? {} : { signature }),
    ...(input === undefined ? {} : { input }),
    ...(mean === undefined ? {} : { mean: typeof mean === 'number' ? [mean, mean, mean] : mean }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/** Placeholders without a value, and what that costs; nothing where every layer can be dreamed. */
function unfedWarnings({ unfed, leftOut }: NativeModel): string[] {
  return Object.entries(unfed).map(([name, takes]) => {
    const lost = Object.values(leftOut).filter((reason) => reason.includes(`placeholder '${name}'`)).length - 1;
    const nodes = lost === 1 ? 'the node that needs it' : `the ${lost} nodes that need it`;
    const value = takes.startsWith('bool') ? 'false' : '1';
    return `The placeholder '${name}' (${takes}) has no value, so ${nodes} cannot be dreamed; give it one with feeds, as in { '${name}': ${value} }, or --feed ${name}=${value}.`;
  });
}

/** The model without those of the user's own filters that its network cannot dream: they must not keep it from loading. */
function withoutUnfit(source: ModelSource, known: NativeModel): ModelSource & { readonly unfit: readonly string[] } {
  const { description, ownFilters } = source;
  if (ownFilters === undefined) return { ...source, unfit: [] };
  const filters = { ...description.filters };
  const unfit: string[] = [];
  for (const [name, filter] of Object.entries(ownFilters.filters)) {
    const fault = filterFault(filter, description, known);
    if (fault === undefined) continue;
    delete filters[name];
    unfit.push(`Your filter '${name}' in '${ownFilters.file}' is left out: it ${fault}`);
  }
  return { ...source, description: { ...description, filters }, unfit };
}

/** Work of the addon that an abort of the signal ends. */
export async function cancellable<T>(
  addon: NativeAddon,
  signal: AbortSignal | undefined,
  work: (cancellation: NativeCancellation) => Promise<T>,
): Promise<T> {
  const cancellation = new addon.Cancellation();
  if (signal?.aborted) cancellation.cancel();
  const unlisten = signal && onAbort(signal, () => cancellation.cancel());
  try {
    return await work(cancellation);
  } finally {
    unlisten?.();
  }
}

/** The network of a model, on no device yet. Rejects with what the addon rejects with. */
export function importedModel(source: ModelSource, addon: NativeAddon, signal?: AbortSignal): Promise<NativeModel> {
  return cancellable(addon, signal, (cancellation) => addon.importModel(nativeSpec(source), cancellation));
}

/** How many sets of layers the cost is kept of. */
const MOST_COSTS = 256;

/** A model that engines hold: its description and what is known of its layers. */
export class ResidentModel {
  readonly name: string;
  readonly sha256: string;
  readonly layers: readonly LayerSummary[];
  readonly leftOut: Readonly<Record<string, string>>;
  /** What the network takes as its picture. */
  readonly input: NativeInput;
  /** What a user should know of the model before dreaming with it. */
  readonly warnings: readonly string[];
  readonly #description: ModelDescription;
  readonly #native: NativeModel;
  readonly #addon: NativeAddon;
  readonly #known = new Map<string, Promise<Layer>>();
  readonly #costs = new Map<string, Promise<NativeLayersCost>>();

  private constructor(source: ReturnType<typeof withoutUnfit>, native: NativeModel, addon: NativeAddon) {
    this.#addon = addon;
    this.name = source.name;
    this.sha256 = source.sha256;
    this.layers = native.layers;
    this.leftOut = native.leftOut;
    this.input = native.input;
    this.warnings = [...unfedWarnings(native), ...source.unfit];
    this.#description = source.description;
    this.#native = native;
  }

  /** Imports a model once and puts it on every engine's device. An abort ends the import. */
  static async load(
    source: ModelSource,
    addon: NativeAddon,
    { stations }: Pick<Engines, 'stations'>,
    signal?: AbortSignal,
  ): Promise<ResidentModel> {
    try {
      const model = await importedModel(source, addon, signal);
      const described = withoutUnfit(source, model);
      checkChannelNames(described.description, model.layers);
      checkFits(described.description, model);
      await Promise.all(stations.map(({ engine }) => engine.load(model)));
      model.releaseWeights();
      return new ResidentModel(described, model, addon);
    } catch (error) {
      throw fromNative(error);
    }
  }

  get filters(): Readonly<Record<string, Filter>> {
    return this.#description.filters ?? {};
  }

  get defaultOptions(): Preset {
    return this.#description.defaultOptions ?? {};
  }

  channelNames(given: string): readonly string[] {
    const layer = nodeName(given);
    if (!this.layers.some(({ name }) => name === layer)) throw unknownLayer(layer, this);
    return channelNames(this.#description, layer);
  }

  /** What to climb, and the options of the filter and the model that draw it best. */
  resolve(request: ObjectiveRequest): Resolved {
    return resolveObjective(request, this.#description, this);
  }

  /** Stride, least size and cost of every layer. */
  async allLayers(signal: AbortSignal): Promise<readonly Layer[]> {
    try {
      return await cancellable(this.#addon, signal, (cancellation) => this.#native.allLayers(cancellation));
    } catch (error) {
      throw fromNative(error);
    }
  }

  /** Stride, least size and cost of a layer; asked of the network once, also by calls that come together. */
  layer(given: string): Promise<Layer> {
    const name = nodeName(given);
    const known = this.#known.get(name);
    if (known) return known;
    if (!this.layers.some((layer) => layer.name === name)) return Promise.reject(unknownLayer(name, this));
    const asked = this.#native.layer(name).catch((error: unknown) => {
      this.#known.delete(name);
      throw fromNative(error);
    });
    this.#known.set(name, asked);
    return asked;
  }

  /** The memory of a step on several layers at once; asked of the network once, too. */
  cost(layers: readonly string[]): Promise<NativeLayersCost> {
    const names = [...new Set(layers)].sort();
    const key = JSON.stringify(names);
    const known = this.#costs.get(key);
    if (known) return known;
    const asked = this.#native.cost(names).catch((error: unknown) => {
      this.#costs.delete(key);
      throw fromNative(error);
    });
    this.#costs.set(key, asked);
    for (const oldest of this.#costs.keys()) if (this.#costs.size > MOST_COSTS) this.#costs.delete(oldest);
    return asked;
  }

  /** Floating-point operations of one gradient of a layer by a picture of this size. */
  async operations(layer: string, { width, height }: Size): Promise<number> {
    try {
      return await this.#native.operations(layer, width, height);
    } catch (error) {
      throw fromNative(error);
    }
  }
}
