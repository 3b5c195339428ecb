import sharp, { type Sharp } from 'sharp';
import type { Dream } from '../dream.js';
import type { PictureFormat } from '../formats.js';
import type { EncodeOptions } from '../options/encode-options.js';

/** How a dream compares with an encoded picture of it. */
export interface Sameness {
  /** Whether every byte of the file is the same, the parameters in it too. */
  readonly bytes: boolean;
  /** Whether every pixel is. */
  readonly pixels: boolean;
  /** The largest difference of a value, of 255; undefined where the sizes differ. */
  readonly most: number | undefined;
}

/** sharp's own name for AVIF is that of its container. */
function formatOf(name: string | undefined): PictureFormat {
  return (name === 'heif' ? 'avif' : name) as PictureFormat;
}

function mostDifference(one: Uint8Array, other: Uint8Array): number | undefined {
  if (one.length !== other.length) return undefined;
  let most = 0;
  for (let at = 0; at < one.length; at += 1) {
    const difference = Math.abs((one[at] as number) - (other[at] as number));
    if (difference > most) most = difference;
  }
  return most;
}

const rawOf = async (image: Sharp) => image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });

/** Compares in the picture's own format and quality: what is lost by encoding is lost in both. */
export async function compareWithPicture(dream: Dream, picture: Buffer, encode: EncodeOptions): Promise<Sameness> {
  const { format } = await sharp(picture).metadata();
  const again = await dream.toBuffer(formatOf(format), encode);
  if (again.equals(picture)) return { bytes: true, pixels: true, most: 0 };
  const [was, is] = [await rawOf(sharp(picture)), await rawOf(sharp(again))];
  const alike = was.info.width === is.info.width && was.info.channels === is.info.channels;
  const most = alike ? mostDifference(was.data, is.data) : undefined;
  return { bytes: false, pixels: most === 0, most };
}
