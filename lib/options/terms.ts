import { optionRangeError, optionTypeError } from '../errors.js';
import { type Channel, type ChannelWeight, readChannel, readChannels, readName, readWeight } from './channels.js';
import { type Mask, type MaskRequest, readMask } from './mask.js';
import { refuseUnknown } from './read.js';
import {
  GUIDE_MATCHES,
  type GuideMatch,
  MOST_DIRECTION,
  MOST_TERMS,
  TERM_FIELDS,
  TERM_KINDS,
  type TermField,
  type TermKind,
} from './term-fields.js';

/** A guide: a path or `file:` URL, an encoded picture's bytes, or raw pixels, as `dream` takes them. */
export type GuidePicture =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | {
      readonly data: Uint8Array | Uint8ClampedArray | Float32Array;
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 2 | 3 | 4;
    };

/** A guide as a dream's parameters have it: which picture it was, and nothing of it. */
export interface GuideRecord {
  /** Of its bytes, or of raw pixels of these. */
  readonly sha256: string;
}

type Kind = keyof typeof TERM_KINDS;

/** Fields that a kind has, and none of others'. */
type Only<K extends Kind, Fields> = Fields & {
  readonly [F in Exclude<TermField, (typeof TERM_KINDS)[K]['fields'][number]>]?: undefined;
};

/** One summand of an objective. */
export type TermOptions = {
  /** Where it is climbed, and how strongly; left out everywhere. */
  readonly mask?: Mask | undefined;
  /** How hard it pushes beside the others: default 1; negative avoids it. */
  readonly weight?: number | undefined;
} & (
  | Only<'filter', { readonly filter: string }>
  | Only<
      'guide',
      {
        readonly guide: GuidePicture | GuideRecord;
        readonly layer?: string | readonly string[] | undefined;
        readonly match?: GuideMatch | undefined;
      }
    >
  | Only<'class', { readonly class: Channel; readonly layer?: string | undefined }>
  | Only<'direction', { readonly direction: ArrayLike<number>; readonly layer: string }>
  | Only<'channels', { readonly channels: readonly (Channel | ChannelWeight)[]; readonly layer?: string | undefined }>
  | Only<'channel', { readonly channel: Channel; readonly layer?: string | undefined }>
  | Only<'layer', { readonly layer: string }>
);

/** A term as it was asked for, checked by itself. */
export type TermRequest = { readonly weight: number; readonly mask?: MaskRequest } & (
  | { readonly kind: 'filter'; readonly filter: string }
  | {
      readonly kind: 'guide';
      readonly guide: GuidePicture | GuideRecord;
      /** Left out the model's default. */
      readonly layers: readonly string[] | undefined;
      readonly match: GuideMatch;
    }
  | { readonly kind: 'class'; readonly class: Channel; readonly layer: string | undefined }
  | { readonly kind: 'direction'; readonly direction: readonly number[]; readonly layer: string }
  | {
      readonly kind: 'channels';
      readonly layer: string | undefined;
      readonly channels: readonly Required<ChannelWeight>[];
    }
  | { readonly kind: 'layer'; readonly layer: string }
);

type Fields = Readonly<Record<string, unknown>>;

function kindOf(name: string, fields: Fields): Kind {
  const kind = (Object.keys(TERM_KINDS) as Kind[]).find((by) => fields[by] !== undefined);
  if (kind === undefined)
    throw optionRangeError(name, `an object with one of ${Object.keys(TERM_KINDS).join(', ')}`, fields);
  const { fields: own, needs = [] }: TermKind = TERM_KINDS[kind];
  for (const field of Object.keys(TERM_FIELDS) as TermField[])
    if (fields[field] !== undefined && !own.includes(field))
      throw optionRangeError(`${name}.${field}`, `left out where '${kind}' is given`, fields[field]);
  for (const field of needs)
    if (fields[field] === undefined) throw optionTypeError(`${name}.${field}`, TERM_FIELDS[field], undefined);
  return kind;
}

function readDirection(name: string, value: unknown): number[] {
  const listed = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!listed) throw optionTypeError(name, TERM_FIELDS.direction, value);
  const numbers = Array.from(value as ArrayLike<unknown>);
  if (numbers.length === 0 || numbers.length > MOST_DIRECTION)
    throw optionRangeError(name, `1 to ${MOST_DIRECTION} numbers`, numbers);
  numbers.forEach((each, index) => {
    if (typeof each !== 'number') throw optionTypeError(`${name}[${index}]`, 'a number', each);
    if (!Number.isFinite(Math.fround(each))) throw optionRangeError(`${name}[${index}]`, 'a float32', each);
  });
  if (numbers.every((each) => each === 0)) throw optionRangeError(name, 'not 0 everywhere', numbers);
  return numbers as number[];
}

function readMatch(name: string, value: unknown): GuideMatch {
  if (value === undefined) return GUIDE_MATCHES[0];
  const match = GUIDE_MATCHES.find((each) => each === value);
  if (match === undefined) throw optionRangeError(name, "'dot' or 'statistics'", value);
  return match;
}

/** A copy of memory that the caller may write to after the call. */
function ownGuide(guide: GuidePicture | GuideRecord): GuidePicture | GuideRecord {
  if (guide instanceof ArrayBuffer || guide instanceof Uint8Array) return guide.slice(0);
  if (typeof guide === 'object' && 'data' in guide && ArrayBuffer.isView(guide.data))
    return { ...guide, data: guide.data.slice() };
  return guide;
}

function readLayers(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) return [readName(name, value) as string];
  if (value.length === 0 || value.length > MOST_TERMS) throw optionRangeError(name, `1 to ${MOST_TERMS} layers`, value);
  return value.map((each: unknown, index) => {
    const layer = readName(`${name}[${index}]`, each);
    if (layer === undefined) throw optionTypeError(`${name}[${index}]`, "a layer's name", each);
    return layer;
  });
}

function readUnmasked(name: string, given: unknown): TermRequest {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw optionTypeError(name, 'an object', given);
  refuseUnknown(given, [...Object.keys(TERM_FIELDS), 'weight', 'mask'], `${name}.`);
  const fields = given as Fields;
  const kind = kindOf(name, fields);
  const weight = readWeight(`${name}.weight`, fields['weight']);
  if (weight === 0) throw optionRangeError(`${name}.weight`, 'another number than 0, or the term left out', weight);
  const layer = kind === 'guide' ? undefined : readName(`${name}.layer`, fields['layer']);
  switch (kind) {
    case 'filter':
      return { kind, weight, filter: readName(`${name}.filter`, fields['filter']) as string };
    case 'guide': {
      const layers = fields['layer'] === undefined ? undefined : readLayers(`${name}.layer`, fields['layer']);
      const match = readMatch(`${name}.match`, fields['match']);
      return { kind, weight, guide: ownGuide(fields['guide'] as GuidePicture | GuideRecord), layers, match };
    }
    case 'class':
      return { kind, weight, layer, class: readChannel(`${name}.class`, fields['class'], 'class') };
    case 'direction': {
      const direction = readDirection(`${name}.direction`, fields['direction']);
      return { kind, weight, layer: layer as string, direction };
    }
    case 'channels': {
      const channels = readChannels(`${name}.channels`, fields['channels']);
      if (channels.every((each) => each.weight === 0))
        throw optionRangeError(`${name}.channels`, 'of weights that are not all 0', channels);
      return { kind, weight, layer, channels };
    }
    case 'channel': {
      const channel = readChannel(`${name}.channel`, fields['channel']);
      return { kind: 'channels', weight, layer, channels: [{ channel, weight: 1 }] };
    }
    case 'layer':
      return { kind, weight, layer: layer as string };
  }
}

function readTerm(name: string, given: unknown): TermRequest {
  const term = readUnmasked(name, given);
  const mask = readMask(`${name}.mask`, (given as Fields)['mask']);
  return mask ? { ...term, mask } : term;
}

/** The terms of an objective. Throws TypeError or RangeError with a code, naming the field: `objective[1].layer`. */
export function readTerms(name: string, given: unknown): TermRequest[] {
  if (!Array.isArray(given)) throw optionTypeError(name, 'an array of terms', given);
  if (given.length === 0 || given.length > MOST_TERMS) throw optionRangeError(name, `1 to ${MOST_TERMS} terms`, given);
  return given.map((each: unknown, index) => readTerm(`${name}[${index}]`, each));
}
