import type { NativeTerm } from '../binding/native.js';
import type { Layer } from '../model/layer.js';
import type { Term } from '../model/terms.js';
import type { ResolvedDreamOptions } from '../options/dream-options.js';

type Channels = NativeTerm['channels'];

/** Of length 1, as what a term of a sum weighs is its weight alone. */
function unit(channels: Channels): Channels {
  const length = Math.sqrt(channels.reduce((sum, { weight }) => sum + weight ** 2, 0));
  return channels.map(({ channel, weight }) => ({ channel, weight: weight / length }));
}

function ofDirection(direction: readonly number[]): Channels {
  return direction.map((weight, channel) => ({ channel, weight })).filter(({ weight }) => weight !== 0);
}

type Equalize = ResolvedDreamOptions['equalize'];
const OF_LAYER = { none: 'layer', positions: 'evenPositions', channels: 'evenChannels' } as const;

const regionOf = ({ region }: Term): Pick<NativeTerm, 'region'> => (region === undefined ? {} : { region });

function nativeTerm(term: Term, equalize: Equalize, balanced: boolean): NativeTerm {
  const shared = { layer: term.layer, weight: term.weight, ...(balanced ? { balanced } : {}), ...regionOf(term) };
  const scaled = (channels: Channels): Channels => (balanced ? unit(channels) : channels);
  switch (term.kind) {
    case 'channels':
      return { ...shared, kind: 'channels', channels: scaled(term.channels) };
    case 'direction':
      return { ...shared, kind: 'channels', channels: scaled(ofDirection(term.direction)) };
    case 'layer':
      return { ...shared, kind: OF_LAYER[equalize], channels: [] };
    case 'guide': {
      const kind = term.match === 'dot' ? 'guideDot' : 'guideStatistics';
      const { features } = term;
      return { ...shared, kind, channels: [], ...(features === undefined ? {} : { guide: features }) };
    }
  }
}

/**
 * What the engine climbs. Of a sum each term pushes as hard as its weight says: a term alone needs no such measure, as how far a
 * step goes does not hang on the gradient's size.
 */
export function nativeTerms(
  terms: readonly Term[],
  { equalize }: Pick<ResolvedDreamOptions, 'equalize'>,
): NativeTerm[] {
  return terms.map((term) => nativeTerm(term, equalize, terms.length > 1));
}

function isDeeper(one: Layer, other: Layer): boolean {
  return one.stride === other.stride ? one.bytesPerPixel > other.bytesPerPixel : one.stride > other.stride;
}

/** With what comparing every position with every one of guides costs: the products, and which is largest. */
export function withProducts(layer: Layer, terms: readonly Term[]): Layer {
  const rows = terms.map((term) => (term.kind === 'guide' && term.match === 'dot' ? (term.features?.rows ?? 0) : 0));
  const products = rows.reduce((sum, each) => sum + each, 0);
  // Of the deepest layer; a shallower one's positions are more, by the square of their strides.
  return products === 0 ? layer : { ...layer, bytesPerPixel: layer.bytesPerPixel + (8 * products) / layer.stride ** 2 };
}

/**
 * What sizes and messages go by where there are several layers: the deepest, with the largest least size. Memory is that of all of them:
 * branches beside each other are both kept for the way back.
 */
export function deepest(
  layers: readonly [Layer, ...Layer[]],
  { bytesPerPixel, fixedBytes }: Pick<Layer, 'bytesPerPixel' | 'fixedBytes'>,
): Layer {
  const [first, ...others] = layers;
  const deep = others.reduce((best, each) => (isDeeper(each, best) ? each : best), first);
  return { ...deep, leastSize: Math.max(...layers.map(({ leastSize }) => leastSize)), bytesPerPixel, fixedBytes };
}
