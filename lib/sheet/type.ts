import path from 'node:path';
import sharp from 'sharp';
import packageRoot from '#package-root';

/** One of ours, so that sheets look the same everywhere, also where there is none. Scripts that it lacks need the system's. */
const FONT = path.join(packageRoot, 'assets/RobotoCondensed-Medium.ttf');
/** The comma makes it a family's name; without it Pango takes its last words for a style. */
const FAMILY = 'Roboto Condensed,';

/** How narrow a long line is drawn before it is cut. */
const NARROWEST = 0.75;
/** Enough for any width. */
const MOST_SIGNS = 300;
/** Sharp cuts type to its ink. With these before them all lines are of one height; they are invisible, and cut off. */
const STRUT = 'Åg';

/** Drawn type: RGBA, interleaved. */
export interface Type {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

export interface TypeStyle {
  /** In pixels, from one line to the next at closest. */
  readonly size: number;
  /** The room that there is. */
  readonly width: number;
  /** Such as `#ffffff`. */
  readonly colour: string;
}

function escaped(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** What a person would count as signs; what is no text is replaced. */
function signsOf(text: string): string[] {
  const plain = text.slice(0, MOST_SIGNS * 8).replace(/\p{Surrogate}/gu, '\uFFFD');
  const line = plain.replace(/[\p{Cc}\p{Zl}\p{Zp}\uFFFE\uFFFF]+/gu, ' ').trim();
  return Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment).slice(0, MOST_SIGNS);
}

async function render(text: string, { size, colour }: TypeStyle): Promise<Type> {
  const strut = `<span alpha="1">${STRUT}</span>`;
  const markup = `${strut}<span foreground="${colour}">${escaped(text)}</span>`;
  const { data, info } = await sharp({
    text: { text: markup, fontfile: FONT, font: `${FAMILY} ${size}`, dpi: 72, rgba: true },
  })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function strutWidth(style: TypeStyle): Promise<number> {
  return (await render('', style)).width;
}

/** The line without its strut. */
async function line(text: string, style: TypeStyle, strut: number): Promise<Type | undefined> {
  const { data, width, height } = await render(text, style);
  // Less a pixel or none, as the ink of the next sign may begin before its place.
  const rest = width - strut;
  if (rest < 1) return undefined;
  const cut = sharp(data, { raw: { width, height, channels: 4 } }).extract({
    left: strut,
    top: 0,
    width: rest,
    height,
  });
  return { data: await cut.raw().toBuffer(), width: rest, height };
}

async function narrowed({ data, width, height }: Type, to: number): Promise<Type> {
  const narrow = sharp(data, { raw: { width, height, channels: 4 } }).resize(to, height, { fit: 'fill' });
  return { data: await narrow.raw().toBuffer(), width: to, height };
}

/** The beginning and the end, which tell names apart. */
function shortened(signs: readonly string[], keep: number): string {
  const tail = Math.floor(keep * 0.4);
  return `${signs.slice(0, keep - tail).join('')}…${tail > 0 ? signs.slice(-tail).join('') : ''}`;
}

/** A line of type that fits: a long one is drawn narrower, and a very long one is cut in the middle. Undefined without ink. */
export async function drawType(text: string, style: TypeStyle): Promise<Type | undefined> {
  const signs = signsOf(text);
  const strut = await strutWidth(style);
  let drawn = await line(signs.join(''), style, strut);
  for (let keep = signs.length; drawn && drawn.width * NARROWEST > style.width && keep > 1; ) {
    keep = Math.max(1, Math.min(keep - 1, Math.floor((keep * style.width) / (drawn.width * NARROWEST))));
    drawn = await line(shortened(signs, keep), style, strut);
  }
  if (drawn === undefined || drawn.width <= style.width) return drawn;
  return narrowed(drawn, style.width);
}
