import sharp from 'sharp';
import { optionRangeError } from './errors.js';
import { type BesideReader, type PictureBeside, readBeside } from './image/beside.js';
import { bufferOf } from './image/raw.js';
import { drawnEllipse, drawnRectangle } from './image/shape.js';
import { type OwnedPicture, own, type Picture } from './image/source.js';
import { isMaskFacts, type Length, type MaskFacts, type MaskRequest, type RecordedMask } from './options/mask.js';
import type { PictureInput } from './picture-input.js';
import type { Size } from './size.js';

/** A mask for pictures of one size. */
export interface FittedMask {
  /** A byte a pixel: how strongly each step moves it. */
  readonly data: Uint8Array;
  readonly recorded: RecordedMask;
  /** What is to be said of it. */
  readonly warnings: readonly string[];
}

/** ITU-R BT.709; of grey the grey itself. */
const greyOf = (rgb: ArrayLike<number>, at: number): number =>
  Math.round(0.2126 * (rgb[at] as number) + 0.7152 * (rgb[at + 1] as number) + 0.0722 * (rgb[at + 2] as number));

async function resized(data: Uint8Array, from: Size, to: Size): Promise<Uint8Array> {
  if (from.width === to.width && from.height === to.height) return data;
  return sharp(bufferOf(data), {
    limitInputPixels: false,
    raw: { width: from.width, height: from.height, channels: 1 },
  })
    .resize(to.width, to.height, { fit: 'fill', kernel: 'linear' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
}

/** The Gaussian that an edge fades over so many pixels by, to a sixth and five sixths. */
async function feathered(data: Uint8Array, { width, height }: Size, feather: number): Promise<Uint8Array> {
  const sigma = feather / 2;
  if (sigma < 0.3) return data;
  return sharp(bufferOf(data), { limitInputPixels: false, raw: { width, height, channels: 1 } })
    .blur(sigma)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
}

function along(length: Length, side: number): number {
  return typeof length === 'number' ? length : (Number(length.slice(0, -1)) / 100) * side;
}

/** A mask that a call was given: read once, and brought to the size of each picture. */
export class MaskReading {
  readonly #request: MaskRequest;
  readonly #owned: OwnedPicture | undefined;
  #read: Promise<PictureBeside> | undefined;

  /** What lies in the caller's memory is copied at once. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE for a URL of no file. */
  constructor(request: MaskRequest) {
    this.#request = request;
    if (request.kind === 'picture' && !isMaskFacts(request.picture)) this.#owned = own(request.picture as PictureInput);
  }

  /**
   * For a picture as it is dreamed. Rejects with a RangeError that names the mask where it lets nothing be dreamed, or is known
   * by its facts alone, and with ERR_LIVEDREAM_IMAGE_*.
   */
  async for(picture: Picture, reader: BesideReader): Promise<FittedMask> {
    const { name, feather, invert } = this.#request;
    const { data: strengths, recorded, warnings } = await this.#strengths(picture, reader);
    const faded = await feathered(strengths, picture, feather);
    const data = invert ? faded.map((each) => 255 - each) : faded;
    if (data.every((each) => each === 0)) {
      const where = `of a picture of ${picture.width} x ${picture.height} pixels`;
      throw optionRangeError(
        name,
        `a mask that lets something be dreamed, not one that is 0 in all ${where}`,
        recorded,
      );
    }
    const edges = { ...(feather === 0 ? {} : { feather }), ...(invert ? { invert: true as const } : {}) };
    return { data, recorded: { ...recorded, ...edges } as RecordedMask, warnings };
  }

  async #strengths(picture: Picture, reader: BesideReader): Promise<FittedMask> {
    const request = this.#request;
    const { width, height } = picture;
    const warnings: string[] = [];
    switch (request.kind) {
      case 'rectangle': {
        const { rectangle } = request;
        const [left, wide] = [along(rectangle.left, width), along(rectangle.width, width)];
        const [top, high] = [along(rectangle.top, height), along(rectangle.height, height)];
        const data = drawnRectangle(picture, { left, top, width: wide, height: high });
        return { data, recorded: { rectangle }, warnings };
      }
      case 'ellipse': {
        const { ellipse } = request;
        const [x, radiusX] = [along(ellipse.x, width), along(ellipse.radiusX, width)];
        const [y, radiusY] = [along(ellipse.y, height), along(ellipse.radiusY, height)];
        return { data: drawnEllipse(picture, { x, y, radiusX, radiusY }), recorded: { ellipse }, warnings };
      }
      case 'alpha':
        if (!picture.alpha)
          throw optionRangeError(`${request.name}.alpha`, 'left out of a picture without an alpha channel', true);
        return { data: picture.alpha, recorded: { alpha: true }, warnings };
      case 'picture': {
        const { source, ...read } = await this.#picture(reader);
        const { name, channel } = request;
        if (channel === 'alpha' && !read.alpha)
          throw optionRangeError(`${name}.channel`, "'grey' of a picture without an alpha channel", channel);
        const grey = (): Uint8Array =>
          Uint8Array.from({ length: read.width * read.height }, (_, at) => greyOf(read.data, 3 * at));
        const data = await resized(channel === 'alpha' ? (read.alpha as Uint8Array) : grey(), read, picture);
        if (read.width !== width || read.height !== height)
          warnings.push(
            `'${name}' has ${read.width} x ${read.height} pixels and was resized to the picture's ${width} x ${height}.`,
          );
        const recorded = { picture: source, ...(channel === 'alpha' ? { channel } : {}) } as const;
        return { data, recorded, warnings };
      }
    }
  }

  #picture(reader: BesideReader): Promise<PictureBeside> {
    const { name } = this.#request;
    const owned = this.#owned;
    if (owned === undefined) {
      const { sha256 } = (this.#request as { readonly picture: MaskFacts }).picture;
      throw optionRangeError(
        name,
        `given: the picture of SHA-256 ${sha256}, of which parameters hold no more`,
        undefined,
      );
    }
    this.#read ??= readBeside(owned, `'${name}'`, reader);
    return this.#read;
  }
}
