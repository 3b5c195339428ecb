import { picturePath } from '../image/path.js';
import type { Length } from '../options/mask.js';

/** What `--mask` and a term's mask may be, for help and messages. */
export const MASK_GRAMMAR =
  "a grey picture, 'alpha:FILE' (its alpha channel), 'alpha' (the picture's own), 'rectangle:LEFT,TOP,WIDTH,HEIGHT' or 'ellipse:X,Y,RADIUS,RADIUS', in pixels or as 25%";

const SHAPES: Readonly<Record<string, readonly string[]>> = {
  rectangle: ['left', 'top', 'width', 'height'],
  ellipse: ['x', 'y', 'radiusX', 'radiusY'],
};

function lengthOf(text: string): Length | undefined {
  const trimmed = text.trim();
  return trimmed.endsWith('%') ? (trimmed as Length) : trimmed === '' ? undefined : Number(trimmed);
}

function shapeOf(text: string): Record<string, unknown> | undefined {
  const [, kind = '', values = ''] = /^(\w+):(.*)$/s.exec(text) ?? [];
  const names = SHAPES[kind];
  if (!names) return undefined;
  const lengths = values.split(',').map(lengthOf);
  // More than there are have names that nothing has, and are refused by these.
  const entries = lengths.map((length, place) => [names[place] ?? `value ${place + 1}`, length]);
  return { [kind]: Object.fromEntries(entries) };
}

/** A mask as the API takes it, which checks it: a shape, an alpha channel, or the file of a picture. */
export function maskOf(text: string): Record<string, unknown> {
  if (text === 'alpha') return { alpha: true };
  const shape = shapeOf(text);
  if (shape) return shape;
  const channel = text.startsWith('alpha:') ? ({ channel: 'alpha' } as const) : {};
  return { picture: picturePath(text.replace(/^alpha:/, '')), ...channel };
}

/** The file that such a mask names, if it does. */
export function fileOf(mask: unknown): string | undefined {
  const { picture } = Object(mask) as { readonly picture?: unknown };
  return typeof picture === 'string' ? picture : undefined;
}
