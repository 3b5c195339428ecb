import type { Dreamer } from '../../dreamer.js';

/** What is known of a worker's model without having it: what the service's routes tell. Plain JSON. */
export type AboutModel = Readonly<
  Pick<Dreamer, 'model' | 'modelSha256' | 'defaultOptions' | 'xla' | 'loop' | 'device' | 'warnings'> & {
    readonly layers: ReturnType<Dreamer['layers']>;
    readonly filters: ReturnType<Dreamer['filters']>;
  }
>;

export function aboutModel(dreamer: Dreamer): AboutModel {
  const { model, modelSha256, defaultOptions, xla, loop, device, warnings } = dreamer;
  const [layers, filters] = [dreamer.layers(), dreamer.filters()];
  return { model, modelSha256, defaultOptions, xla, loop, device, warnings, layers, filters };
}
