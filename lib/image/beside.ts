import { LiveDreamError } from '../errors.js';
import type { Size } from '../size.js';
import { decode } from './decode.js';
import type { OwnedPicture, Picture } from './source.js';
import type { SourceFacts } from './source-facts.js';

/** What reading a picture beside the one that is dreamed takes. */
export interface BesideReader {
  readonly mostBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** With the facts by which parameters tell it. */
export interface PictureBeside extends Picture {
  readonly source: SourceFacts;
}

/** Bytes a pixel of a decoded picture. */
const RGBA = 4;

/**
 * A picture that steers a dream, a guide or a mask: whole, in its own size, hashed. Rejects as `dream` does for what is no picture, and
 * with ERR_LIVEDREAM_IMAGE_TOO_LARGE for what takes more memory than there may be.
 * @param what it is, to begin a message
 */
export async function readBeside(
  owned: OwnedPicture,
  what: string,
  { mostBytes, signal }: BesideReader,
): Promise<PictureBeside> {
  const check = ({ width, height }: Size): void => {
    if (width * height * RGBA <= (mostBytes ?? Number.POSITIVE_INFINITY)) return;
    const message = `${what} has ${width} x ${height} pixels, and the memory limit is ${mostBytes} bytes.`;
    throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_TOO_LARGE', message, { repair: 'Give a smaller one.' });
  };
  const most = mostBytes === undefined ? {} : { mostBytes };
  const picture = await decode(owned, { size: undefined, page: undefined, check, hashed: true, signal, ...most });
  if (picture.source) return { ...picture, source: picture.source };
  throw new LiveDreamError('ERR_LIVEDREAM_INTERNAL', `${what} was not hashed.`);
}
