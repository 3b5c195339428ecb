import { optionRangeError, optionTypeError } from '../errors.js';
import type { PictureInput } from '../picture-input.js';
import { readOption, refuseUnknown } from './read.js';

/** Pixels of the picture that is dreamed, or such as '25%' of its width or height. */
export type Length = number | `${number}%`;

/** By its upper left corner. */
export interface MaskRectangle {
  readonly left: Length;
  readonly top: Length;
  readonly width: Length;
  readonly height: Length;
}

/** By its middle. */
export interface MaskEllipse {
  readonly x: Length;
  readonly y: Length;
  readonly radiusX: Length;
  readonly radiusY: Length;
}

interface MaskEdges {
  /** How wide the edge fades, in pixels of the picture that is dreamed: from 0, the default, to 2000. */
  readonly feather?: number | undefined;
  /** Whether to dream outside instead; default false. */
  readonly invert?: boolean | undefined;
}

/**
 * Where to dream and how strongly: a picture, whose grey or alpha is the strength of each step, brought to the size of the picture
 * that is dreamed; a rectangle, an ellipse; or that picture's own alpha channel. Where it is 0, nothing is changed. Facts of a
 * picture, as parameters hold them, name the one that has to be given.
 */
export type Mask =
  | PictureInput
  | ({ readonly picture: PictureInput | MaskFacts; readonly channel?: MaskChannel | undefined } & MaskEdges)
  | ({ readonly rectangle: MaskRectangle } & MaskEdges)
  | ({ readonly ellipse: MaskEllipse } & MaskEdges)
  | ({ readonly alpha: true } & MaskEdges);

export type MaskChannel = 'grey' | 'alpha';

/** What parameters hold of a picture: enough to know it by, and nothing of where it lay. */
export interface MaskFacts {
  readonly of: 'bytes' | 'pixels';
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/** A mask, checked as far as it can be without the picture. */
export type MaskRequest = {
  /** Its name in messages. */
  readonly name: string;
  readonly feather: number;
  readonly invert: boolean;
} & (
  | { readonly kind: 'picture'; readonly picture: PictureInput | MaskFacts; readonly channel: MaskChannel }
  | { readonly kind: 'rectangle'; readonly rectangle: MaskRectangle }
  | { readonly kind: 'ellipse'; readonly ellipse: MaskEllipse }
  | { readonly kind: 'alpha' }
);

/** A mask as parameters hold it: shapes as they are, of a picture what it can be known by. */
export type RecordedMask = { readonly feather?: number; readonly invert?: true } & (
  | { readonly picture: MaskFacts; readonly channel?: 'alpha' }
  | Pick<Extract<MaskRequest, { kind: 'rectangle' }>, 'rectangle'>
  | Pick<Extract<MaskRequest, { kind: 'ellipse' }>, 'ellipse'>
  | { readonly alpha: true }
);

export const MASK_FEATHER = { kind: 'number', default: 0, least: 0, most: 2000, unit: 'pixels', about: '' } as const;
const INVERT = { kind: 'boolean', default: false, about: '' } as const;
const CHANNEL = { kind: 'choice', default: 'grey', choices: ['grey', 'alpha'], about: '' } as const;

const RECTANGLE = ['left', 'top', 'width', 'height'] as const;
const ELLIPSE = ['x', 'y', 'radiusX', 'radiusY'] as const;
const EDGES = ['feather', 'invert'];
const MOST_PIXELS = 1_000_000;
const MOST_PERCENT = 1000;

function readLength(name: string, value: unknown, extent: boolean): Length {
  const allowed = `pixels, or a share such as '25%'${extent ? ', above 0' : ''}`;
  if (typeof value !== 'number' && typeof value !== 'string') throw optionTypeError(name, allowed, value);
  const share = typeof value === 'string';
  const number = share ? Number(/^(-?\d{1,6}(?:\.\d{1,6})?)%$/.exec(value)?.[1] ?? Number.NaN) : value;
  const most = share ? MOST_PERCENT : MOST_PIXELS;
  if (!(Math.abs(number) <= most) || (extent && number <= 0)) throw optionRangeError(name, allowed, value);
  return value as Length;
}

function readShape<K extends string>(name: string, keys: readonly K[], value: unknown): { readonly [P in K]: Length } {
  if (typeof value !== 'object' || value === null)
    throw optionTypeError(name, `an object of ${keys.join(', ')}`, value);
  refuseUnknown(value, keys, `${name}.`);
  const of = value as Record<string, unknown>;
  // The first two say where it is, the others how large.
  const entries = keys.map((key, place) => [key, readLength(`${name}.${key}`, of[key], place > 1)]);
  return Object.fromEntries(entries) as { readonly [P in K]: Length };
}

const KINDS = ['picture', 'rectangle', 'ellipse', 'alpha'];

/** Whether it is one of the objects that say what a mask is, and no picture. */
function isDescribed(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && KINDS.some((kind) => Object.hasOwn(value, kind));
}

/** What parameters have in the place of a picture. */
export function isMaskFacts(picture: unknown): picture is MaskFacts {
  return typeof picture === 'object' && picture !== null && 'sha256' in picture && !('data' in picture);
}

function readFacts(name: string, { of, sha256, width, height }: MaskFacts): MaskFacts {
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    throw optionRangeError(`${name}.sha256`, 'a SHA-256 in hexadecimal', sha256);
  return { of, sha256, width, height };
}

/**
 * `others` are names that stand in the object too. Throws TypeError or RangeError with a code, naming the field; whether a picture
 * is one is seen when it is read.
 */
export function readMask(name: string, value: unknown, others: readonly string[] = []): MaskRequest | undefined {
  if (value === undefined) return undefined;
  if (!isDescribed(value)) {
    const edge = [...EDGES, 'channel'].find((each) => Object.hasOwn(Object(value) as object, each));
    if (edge !== undefined)
      throw optionRangeError(name, `of a picture, rectangle, ellipse or alpha where it has '${edge}'`, value);
    if (value === null || (typeof value !== 'object' && typeof value !== 'string'))
      throw optionTypeError(name, 'a picture, or an object with a picture, rectangle, ellipse or alpha', value);
    return { name, kind: 'picture', picture: value as PictureInput, channel: 'grey', feather: 0, invert: false };
  }
  const [kind, second] = KINDS.filter((each) => value[each] !== undefined);
  if (second !== undefined)
    throw optionRangeError(`${name}.${second}`, `left out where '${kind}' is given`, value[second]);
  refuseUnknown(value, [...KINDS, 'channel', ...EDGES, ...others], `${name}.`);
  const { picture, channel } = value;
  if (kind !== 'picture' && channel !== undefined)
    throw optionRangeError(`${name}.channel`, "left out where there is no 'picture'", channel);
  const edges = {
    name,
    feather: readOption(`${name}.feather`, MASK_FEATHER, value['feather']) as number,
    invert: readOption(`${name}.invert`, INVERT, value['invert']) as boolean,
  };
  switch (kind) {
    case 'rectangle':
      return { ...edges, kind, rectangle: readShape(`${name}.rectangle`, RECTANGLE, value['rectangle']) };
    case 'ellipse':
      return { ...edges, kind, ellipse: readShape(`${name}.ellipse`, ELLIPSE, value['ellipse']) };
    case 'picture': {
      const of = isMaskFacts(picture) ? readFacts(`${name}.picture`, picture) : (picture as PictureInput);
      return { ...edges, kind, picture: of, channel: readOption(`${name}.channel`, CHANNEL, channel) as MaskChannel };
    }
    default:
      if (value['alpha'] !== true)
        throw optionRangeError(`${name}.alpha`, "true, for the picture's own", value['alpha']);
      return { ...edges, kind: 'alpha' };
  }
}
