import type { PictureParameters } from '../dream.js';
import { LiveDreamError, optionTypeError } from '../errors.js';
import { damagedParameters, embeddedParameters } from '../image/parameters.js';
import { own, type PictureInput } from '../image/source.js';
import { StreamedPicture } from '../image/stream.js';
import { checkParameters } from './check-parameters.js';

/** An encoded picture is hardly larger than this. */
const MOST_BYTES = 2 ** 30;

async function encodedOf(picture: PictureInput): Promise<string | Buffer> {
  const owned = own(picture);
  if (owned instanceof StreamedPicture) return owned.read({ mostBytes: MOST_BYTES, signal: undefined });
  if (typeof owned === 'string' || Buffer.isBuffer(owned)) return owned;
  throw optionTypeError('picture', 'an encoded picture: a path, file: URL, bytes, Blob or stream', picture);
}

/**
 * What a dreamed picture was made with, as `dream.toFile` and the service wrote it: `dreamer.dream(photo, parameters)` makes it
 * again, `loadOptionsOf(parameters)` loads a Dreamer as it was.
 * @param picture an encoded picture: a path or `file:` URL, bytes, a Blob or a stream
 * @throws LiveDreamError ERR_LIVEDREAM_PARAMETERS_MISSING, _UNREADABLE or _NEWER, ERR_LIVEDREAM_IMAGE_UNREADABLE
 */
export async function readParameters(picture: PictureInput): Promise<PictureParameters> {
  const encoded = await encodedOf(picture);
  const what = typeof encoded === 'string' ? `The picture '${encoded}'` : 'The picture';
  const found = await embeddedParameters(encoded, what);
  if (found === undefined)
    throw new LiveDreamError('ERR_LIVEDREAM_PARAMETERS_MISSING', `${what} has no parameters of livedream in it.`);
  checkParameters(found, what, (why, cause) => damagedParameters(what, why, cause));
  return found;
}
