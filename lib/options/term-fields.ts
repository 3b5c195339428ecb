/**
 * The kinds of terms that an objective may be a sum of, each by the field that tells it: types are beside the reader in terms.ts,
 * validation, the service's schema and docs/options.md come from this.
 */
export interface TermKind {
  /** The fields that it may have beside `weight`, that which tells it first. */
  readonly fields: readonly TermField[];
  readonly needs?: readonly TermField[];
  /** What it is the greater for, to follow its field. */
  readonly about: string;
}

export type TermField = keyof typeof TERM_FIELDS;

/** What each field takes, for docs and messages. */
export const TERM_FIELDS = {
  filter: "a filter's name",
  guide: 'a picture, as `dream` takes it; of parameters `{ sha256 }`',
  class: "a class's label or number",
  direction: 'an array of numbers, one for each channel of the layer',
  channels: 'an array of channels, each with a weight or without',
  channel: "a channel's number or name",
  layer: "a layer's name; of a guide also an array of them",
  match: "of a guide: 'dot' or 'statistics'",
} as const;

/** In the order in which a term's field tells its kind: 'layer' alone is the last, as others have one too. */
export const TERM_KINDS = {
  filter: { fields: ['filter'], about: "what the model's filter dreams, without the filter's options" },
  guide: {
    fields: ['guide', 'layer', 'match'],
    about:
      "likeness to another picture. `match: 'dot'` (if not said): the mean over positions of the largest dot product with a position of the guide; `'statistics'`: how near the products of channels come to the guide's",
  },
  class: { fields: ['class', 'layer'], about: "the mean of a class of the network's head" },
  direction: {
    fields: ['direction', 'layer'],
    needs: ['layer'],
    about: "the mean of the dot product of the layer's channels with a vector",
  },
  channels: { fields: ['channels', 'layer'], about: 'the weighted mean of several channels' },
  channel: { fields: ['channel', 'layer'], about: 'the mean of one channel' },
  layer: { fields: ['layer'], about: "the mean of the squares of a layer's channels, or what `equalize` says" },
} as const satisfies Readonly<Record<string, TermKind>>;

export const MOST_TERMS = 16;
export const MOST_DIRECTION = 65_536;
export const MOST_WEIGHT = 1e6;

export const GUIDE_MATCHES = ['dot', 'statistics'] as const;
export type GuideMatch = (typeof GUIDE_MATCHES)[number];
