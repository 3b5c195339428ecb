import type { ChannelWeight } from '../options/channels.js';
import type { RecordedMask } from '../options/mask.js';
import type { GuideMatch } from '../options/term-fields.js';
import type { GuidePicture, GuideRecord } from '../options/terms.js';
import type { Objective } from './objective.js';

interface Chosen {
  readonly channel: number;
  readonly weight: number;
}

/** One summand of what a dream climbs, on one layer. */
export type Term = {
  readonly layer: string;
  readonly weight: number;
  /** Which of the masks of the objective's terms says where; left out everywhere. */
  readonly region?: number;
} & (
  | { readonly kind: 'channels'; readonly channels: readonly Chosen[] }
  | { readonly kind: 'layer' }
  /** A number for each channel. */
  | { readonly kind: 'direction'; readonly direction: readonly number[] }
  | {
      readonly kind: 'guide';
      readonly match: GuideMatch;
      readonly guide: GuidePicture | GuideRecord;
      /** Which of the objective's terms it was asked for in. */
      readonly field: string;
      /** Before it is dreamed: what the layer answers to the guide. */
      readonly features?: GuideFeatures;
    }
);

/** What a layer answers to a guide: of 'dot' at each position, of 'statistics' the mean products of channels. */
export interface GuideFeatures {
  readonly sha256: string;
  /** Tells them from those of other guides, sizes, layers and matches. */
  readonly key: string;
  readonly rows: number;
  /** `rows` times the layer's channels. */
  readonly values: Float32Array;
}

/** A term as a dream's parameters have it: as it is asked for, with nothing left to the model. */
export type TermRecord = { readonly layer: string; readonly weight: number; readonly mask?: RecordedMask } & (
  | {
      readonly channels: readonly Required<ChannelWeight>[];
      readonly direction?: undefined;
      readonly guide?: undefined;
    }
  | { readonly direction: readonly number[]; readonly channels?: undefined; readonly guide?: undefined }
  | {
      readonly guide: GuideRecord;
      readonly match: GuideMatch;
      readonly channels?: undefined;
      readonly direction?: undefined;
    }
  | { readonly channels?: undefined; readonly direction?: undefined; readonly guide?: undefined }
);

/** What a dream climbed, as its parameters have it: one layer's, or the terms of a sum. */
export type ObjectiveRecord = Objective | readonly TermRecord[];

/** What decides the program that climbs them: all but channels and weights. */
export function shapeOf(terms: readonly Term[]): unknown {
  return terms.map((term) => {
    const { layer, region } = term;
    if (term.kind !== 'guide') return [layer, term.kind === 'layer' ? 'layer' : 'channels', region];
    return [layer, term.match, term.features?.key, region];
  });
}

export function termRecord(term: Term): TermRecord {
  const { layer, weight } = term;
  switch (term.kind) {
    case 'channels':
      return { layer, channels: term.channels, weight };
    case 'direction':
      return { layer, direction: term.direction, weight };
    case 'guide': {
      const sha256 = term.features?.sha256 ?? (term.guide as GuideRecord).sha256;
      return { layer, guide: { sha256 }, match: term.match, weight };
    }
    case 'layer':
      return { layer, weight };
  }
}
