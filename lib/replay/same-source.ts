import { isDeepStrictEqual } from 'node:util';
import type { PictureParameters } from '../dream.js';
import { LiveDreamError } from '../errors.js';
import { decode } from '../image/decode.js';
import { own, type Picture, type PictureInput } from '../image/source.js';
import { isStart, readStart } from '../image/start.js';

/** As raw pixels. */
export function rgba({ data, alpha, width, height }: Picture): PictureInput {
  if (!alpha) return { data, width, height, channels: 3 };
  const all = data instanceof Float32Array ? new Float32Array(alpha.length * 4) : new Uint8Array(alpha.length * 4);
  for (let pixel = 0; pixel < alpha.length; pixel += 1) {
    all.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    all[pixel * 4 + 3] = alpha[pixel] as number;
  }
  return { data: all, width, height, channels: 4 };
}

/**
 * Refuses another photo than the one that was dreamed of, told by the SHA-256 of its bytes; of what was no file by that of the
 * pixels, at the dream's size. Where the picture does not tell, every photo is right.
 * @returns the photo as it was given to the dream: as a file, or as pixels
 * @throws LiveDreamError ERR_LIVEDREAM_REPLAY_DIFFERS, ERR_LIVEDREAM_IMAGE_*
 */
export async function checkSource(photo: PictureInput, parameters: PictureParameters): Promise<PictureInput> {
  const { source, size, page } = parameters;
  if (!source) return photo;
  // The same makes the same, and there is no need to make it twice.
  if (isStart(photo) && source.start && isDeepStrictEqual(readStart(photo), source.start)) return photo;
  const pixels = source.of === 'pixels';
  const decoded = await decode(own(photo), { size, page, check: () => undefined, hashed: pixels ? 'pixels' : true });
  const found = decoded.source;
  if (found?.sha256 === source.sha256 && found.of === source.of) return pixels ? rgba(decoded) : photo;
  const told = `the ${source.of} of that have the SHA-256 ${source.sha256}, and the ${found?.of} of this ${found?.sha256}`;
  const sizes = `${source.width} x ${source.height} and ${found?.width} x ${found?.height} pixels`;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_REPLAY_DIFFERS',
    `The photo is another than the one that was dreamed of: ${told} (${sizes}).`,
    { repair: 'Give the photo that was dreamed of; `--force` dreams of this one all the same.' },
  );
}
