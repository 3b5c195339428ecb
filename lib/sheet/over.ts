import { decode } from '../image/decode.js';
import { toSharp } from '../image/encode.js';
import type { OwnedPicture, Picture, RawPicture } from '../image/source.js';

/** Of width by height; what is beyond is cut off on both sides, so that no picture makes a sheet of slivers. */
const SLIMMEST = 2 / 3;
const WIDEST = 2;

/** What shows through a picture that is not opaque. */
const BEHIND = '#767676';

/** The picture that the cells are dreamed over, `side` pixels high. Rejects as `decode` does. */
export async function overPicture(picture: OwnedPicture, side: number, signal?: AbortSignal): Promise<RawPicture> {
  const decoded = await decode(picture, { size: undefined, page: undefined, check: () => undefined, signal });
  const aspect = Math.min(WIDEST, Math.max(SLIMMEST, decoded.width / decoded.height));
  const [width, height] = [Math.round(side * aspect), side];
  const data = await toSharp(bytesOf(decoded))
    .flatten({ background: BEHIND })
    .resize(width, height, { fit: 'cover' })
    .raw()
    .toBuffer();
  return { data, width, height, channels: 3 };
}

/** Raw floats are pictures too; a sheet is of bytes. */
function bytesOf({ data, ...picture }: Picture): Picture & { readonly data: Uint8Array } {
  return { ...picture, data: data instanceof Uint8Array ? data : Uint8Array.from(Uint8ClampedArray.from(data)) };
}
