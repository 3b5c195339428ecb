import { describeValue } from '../errors.js';
import type { LayerSummary } from './layer.js';

/** A layer as a description lists it, so that it can be shown without loading the network. */
export interface DescribedLayer {
  readonly name: string;
  readonly channels: number;
  /** Pixels of the picture along one side for one position of the layer. */
  readonly stride: number;
  /** The smallest picture side for which the layer exists. */
  readonly leastSize: number;
}

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const isPixels = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value > 0;

export const LAYER_FIELDS = {
  name: ['a string, and not empty', isName],
  channels: ['a whole number above 0', isCount],
  // Of a network that enlarges what it sees, it is less than 1.
  stride: ['a number above 0', isPixels],
  leastSize: ['a whole number above 0', isCount],
} as const satisfies Record<keyof DescribedLayer, readonly [string, (value: unknown) => boolean]>;

/** What is wrong with one of the description's `layers`, but for fields that nobody knows. */
export function describedLayerFault(layer: Readonly<Record<string, unknown>>, index: number): string | undefined {
  for (const [field, [expected, fits]] of Object.entries(LAYER_FIELDS)) {
    if (!fits(layer[field]))
      return `'layers[${index}].${field}' must be ${expected}, but is ${describeValue(layer[field])}`;
  }
  return undefined;
}

/** What a description lists that the network has otherwise, as far as it can be told from names and channels. */
export function otherChannels(layer: DescribedLayer, { channels }: LayerSummary): string | undefined {
  if (layer.channels === channels) return undefined;
  return `has ${layer.channels} channels for the layer '${layer.name}', but the layer has ${channels}`;
}
