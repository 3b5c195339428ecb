import { decode } from '../image/decode.js';
import { resizedRaw } from '../image/raw.js';
import { own, type PictureInput, type RawPicture } from '../image/source.js';
import { SAMPLE_PICTURE } from '../sample-picture.js';
import type { Size } from '../size.js';

/** A picture in a size. */
export type PictureOf = (size: Size) => Promise<RawPicture>;

/** What is dreamed of, in any size, decoded once. */
export async function picturesOf(picture: PictureInput | undefined): Promise<PictureOf> {
  const decoded = await decode(picture === undefined ? SAMPLE_PICTURE : own(picture), {
    size: undefined,
    page: undefined,
    check: () => undefined,
  });
  return async (size) => {
    const { data } = await resizedRaw({ width: decoded.width, height: decoded.height, data: decoded.data }, size);
    return { ...size, data, channels: 3 };
  };
}
