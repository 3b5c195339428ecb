import type { Dreamer } from '../../dreamer.js';

/** What is known of a worker's model without having it: what the service's routes tell. Plain JSON. */
export type AboutModel = Readonly<
  Pick<Dreamer, 'model' | 'modelSha256' | 'defaultOptions' | 'xla' | 'loop' | 'device' | 'why' | 'warnings'> & {
    readonly layers: ReturnType<Dreamer['layers']>;
    readonly filters: ReturnType<Dreamer['filters']>;
    /** Of the filters' layers the least side of a picture. */
    readonly leastSizes: Readonly<Record<string, number>>;
  }
>;

export async function aboutModel(dreamer: Dreamer): Promise<AboutModel> {
  const { model, modelSha256, defaultOptions, xla, loop, device, why, warnings } = dreamer;
  const [layers, filters] = [dreamer.layers(), dreamer.filters()];
  const names = new Set(Object.values(filters).flatMap(({ layer }) => layer ?? []));
  const sizes = await Promise.all(
    [...names].map(async (name) => [name, (await dreamer.layer(name)).leastSize] as const),
  );
  const leastSizes = Object.fromEntries(sizes);
  return { model, modelSha256, defaultOptions, xla, loop, device, why, warnings, layers, filters, leastSizes };
}
