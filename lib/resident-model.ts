import { fromNative } from './binding/errors.js';
import type { NativeAddon, NativeModel, NativeModelSpec } from './binding/native.js';
import type { Engines } from './engines.js';
import { channelNames, checkChannelNames } from './model/channel-names.js';
import { DEFAULT_INPUT, DEFAULT_PREPROCESSING, type Filter, type ModelDescription } from './model/description.js';
import type { Layer, LayerSummary } from './model/layer.js';
import { type Resolved, resolveObjective, unknownLayer } from './model/objective.js';
import type { ModelSource } from './model/source.js';
import type { ObjectiveRequest } from './options/objective.js';

function nativeSpec({ description, graph }: ModelSource): NativeModelSpec {
  const { channelOrder, mean, scale } = { ...DEFAULT_PREPROCESSING, ...description.preprocessing };
  return {
    graph,
    input: description.input ?? DEFAULT_INPUT,
    channelOrder,
    mean: typeof mean === 'number' ? [mean, mean, mean] : mean,
    scale,
  };
}

/** A model that engines hold: its description and what is known of its layers. */
export class ResidentModel {
  readonly name: string;
  readonly sha256: string;
  readonly layers: readonly LayerSummary[];
  readonly leftOut: Readonly<Record<string, string>>;
  readonly #description: ModelDescription;
  readonly #native: NativeModel;
  readonly #known = new Map<string, Promise<Layer>>();

  private constructor(source: ModelSource, native: NativeModel) {
    this.name = source.name;
    this.sha256 = source.sha256;
    this.layers = native.layers;
    this.leftOut = native.leftOut;
    this.#description = source.description;
    this.#native = native;
  }

  /** Imports a model once and puts it on every engine's device. */
  static async load(
    source: ModelSource,
    addon: NativeAddon,
    { stations }: Pick<Engines, 'stations'>,
  ): Promise<ResidentModel> {
    try {
      const model = await addon.importModel(nativeSpec(source));
      checkChannelNames(source.description, model.layers);
      await Promise.all(stations.map(({ engine }) => engine.load(model)));
      model.releaseWeights();
      return new ResidentModel(source, model);
    } catch (error) {
      throw fromNative(error);
    }
  }

  get filters(): Readonly<Record<string, Filter>> {
    return this.#description.filters ?? {};
  }

  channelNames(layer: string): readonly string[] {
    if (!this.layers.some(({ name }) => name === layer)) throw unknownLayer(layer, this);
    return channelNames(this.#description, layer);
  }

  /** What to climb, and the options of the filter and the model that draw it best. */
  resolve(request: ObjectiveRequest): Resolved {
    return resolveObjective(request, this.#description, this);
  }

  /** Stride, least size and cost of a layer; asked of the network once, also by calls that come together. */
  layer(name: string): Promise<Layer> {
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
}
