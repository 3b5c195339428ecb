import type { Command } from 'commander';
import { picturePath } from '../image/path.js';
import type { Length, Mask } from '../options/mask.js';

export interface MaskFlags {
  readonly mask?: string;
  readonly maskFeather?: string;
  readonly maskInvert?: boolean;
}

const SHAPES: Readonly<Record<string, readonly string[]>> = {
  rectangle: ['left', 'top', 'width', 'height'],
  ellipse: ['x', 'y', 'radiusX', 'radiusY'],
};

/** The flags that say where to dream. */
export function addMaskFlags(command: Command): void {
  command
    .option(
      '--mask <file|shape>',
      "where to dream and how strongly: a grey picture, 'alpha:FILE' (its alpha channel), 'alpha' (the picture's own), 'rectangle:LEFT,TOP,WIDTH,HEIGHT' or 'ellipse:X,Y,RADIUS,RADIUS', in pixels or as 25%",
    )
    .option('--mask-feather <n>', 'how wide the edge of the mask fades, in pixels from 0 to 2000 (default: 0)')
    .option('--mask-invert', 'dream outside of it instead');
}

function lengthOf(text: string): Length | undefined {
  const trimmed = text.trim();
  return trimmed.endsWith('%') ? (trimmed as Length) : trimmed === '' ? undefined : Number(trimmed);
}

function shapeOf(text: string): object | undefined {
  const [, kind = '', values = ''] = /^(\w+):(.*)$/s.exec(text) ?? [];
  const names = SHAPES[kind];
  if (!names) return undefined;
  const lengths = values.split(',').map(lengthOf);
  // More than there are have names that nothing has, and are refused by these.
  const entries = lengths.map((length, place) => [names[place] ?? `value ${place + 1}`, length]);
  return { [kind]: Object.fromEntries(entries) };
}

/** The file that the flag names, if it does. */
export function maskFile({ mask }: MaskFlags): string | undefined {
  if (mask === undefined || mask === 'alpha' || shapeOf(mask)) return undefined;
  return picturePath(mask.replace(/^alpha:/, ''));
}

/** As the API takes it, which checks it. */
export function readMaskFlags(flags: MaskFlags): { readonly mask?: Mask } {
  const { mask, maskFeather, maskInvert } = flags;
  const edges = {
    ...(maskFeather === undefined ? {} : { feather: Number(maskFeather) }),
    ...(maskInvert ? { invert: true } : {}),
  };
  if (mask === undefined) return Object.keys(edges).length === 0 ? {} : { mask: edges as Mask };
  if (mask === 'alpha') return { mask: { alpha: true, ...edges } };
  const shape = shapeOf(mask);
  if (shape) return { mask: { ...shape, ...edges } as Mask };
  const channel = mask.startsWith('alpha:') ? ({ channel: 'alpha' } as const) : {};
  return { mask: { picture: maskFile(flags) as string, ...channel, ...edges } };
}
