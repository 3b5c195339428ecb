import * as v from 'valibot';

/** How a film's pixels lie in memory, by ffmpeg's own table. */
export interface PixelFormat {
  readonly name: string;
  readonly alpha: boolean;
  readonly rgb: boolean;
  /** Bits of the deepest component. */
  readonly depth: number;
  readonly colours: boolean;
  /** Whether films are written so: with colours, and by the processor. */
  readonly writable: boolean;
  /** How many pixels share one value of colour, across and down: 2 and 2 of yuv420p. */
  readonly shared: { readonly width: number; readonly height: number };
}

const FLAG = v.pipe(
  v.number(),
  v.transform((flag) => flag !== 0),
);

/** A line of `ffprobe -show_pixel_formats`; other things in it are left out. */
export const PIXEL_FORMAT = v.pipe(
  v.object({
    name: v.string(),
    log2_chroma_w: v.optional(v.number(), 0),
    log2_chroma_h: v.optional(v.number(), 0),
    flags: v.object({ alpha: FLAG, rgb: FLAG, palette: FLAG, hwaccel: FLAG, big_endian: FLAG }),
    components: v.optional(v.array(v.object({ bit_depth: v.number() })), []),
  }),
  v.transform(({ name, log2_chroma_w, log2_chroma_h, flags, components }): PixelFormat => {
    const depth = flags.palette ? 8 : Math.max(1, ...components.map(({ bit_depth }) => bit_depth));
    return {
      name,
      // A palette may have transparent colours.
      alpha: flags.alpha || flags.palette,
      rgb: flags.rgb || flags.palette,
      depth,
      colours: components.length > 2 || flags.palette,
      // Those that begin with yuvj are old names for others of full range. Fewer than 8 bits are worse than a palette.
      writable: components.length > 2 && depth >= 8 && !flags.hwaccel && !flags.big_endian && !name.startsWith('yuvj'),
      shared: { width: 2 ** log2_chroma_w, height: 2 ** log2_chroma_h },
    };
  }),
);

/** What a film that is written should keep. */
export type Wanted = Omit<PixelFormat, 'name' | 'writable' | 'colours'>;

/** What would be lost, the worst first; what would be wasted comes last. Less is better, place by place. */
function loss(format: PixelFormat, wanted: Wanted): readonly number[] {
  return [
    Number(wanted.alpha && !format.alpha),
    // RGB where it was not: players and encoders of films expect YUV.
    Number(format.rgb && !wanted.rgb),
    Math.max(0, wanted.depth - format.depth),
    Math.max(0, format.shared.width - wanted.shared.width),
    Math.max(0, format.shared.height - wanted.shared.height),
    Number(wanted.rgb && !format.rgb),
    Math.abs(format.depth - wanted.depth),
    Number(format.alpha && !wanted.alpha),
    wanted.shared.width - format.shared.width + wanted.shared.height - format.shared.height,
  ];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const place = one.findIndex((each, index) => each !== other[index]);
  return place < 0 ? 0 : (one[place] as number) - (other[place] as number);
}

/** What a film of such pixels, dreamed, should keep. A dream has colours, also that of a grey film. */
export function wantedOf(pixels: PixelFormat, exact: boolean): Wanted {
  const { alpha, rgb } = pixels;
  const depth = Math.max(8, pixels.depth);
  const kept = pixels.colours && (!rgb || exact);
  // What was RGB or grey becomes what every player shows, but where nothing is to be lost.
  if (!kept) return { alpha, rgb: exact, depth, shared: exact ? { width: 1, height: 1 } : { width: 2, height: 2 } };
  return { alpha, rgb, depth, shared: pixels.shared };
}

/** The one of these that keeps most of what is wanted, and of equals the first. */
export function nearestFormat(formats: readonly PixelFormat[], wanted: Wanted): PixelFormat | undefined {
  return [...formats].sort((a, b) => compare(loss(a, wanted), loss(b, wanted)))[0];
}
