import type { PictureParameters } from '../dream.js';
import { LiveDreamError, optionTypeError } from '../errors.js';
import { damagedParameters, embeddedParameters } from '../image/parameters.js';
import { own, type PictureInput } from '../image/source.js';
import { StreamedPicture } from '../image/stream.js';
import { checkParameters, isLive } from './check-parameters.js';

/** An encoded picture is hardly larger than this. */
const MOST_BYTES = 2 ** 30;

async function encodedOf(picture: PictureInput): Promise<string | Buffer> {
  const owned = own(picture);
  if (owned instanceof StreamedPicture) return owned.read({ mostBytes: MOST_BYTES, signal: undefined });
  if (typeof owned === 'string' || Buffer.isBuffer(owned)) return owned;
  throw optionTypeError('picture', 'an encoded picture: a path, file: URL, bytes, Blob or stream', picture);
}

interface Written {
  readonly what: string;
  /** What it has of livedream, as it is. */
  readonly found: unknown;
}

async function writtenIn(picture: PictureInput): Promise<Written> {
  const encoded = await encodedOf(picture);
  const what = typeof encoded === 'string' ? `The picture '${encoded}'` : 'The picture';
  const found = await embeddedParameters(encoded, what);
  if (found !== undefined) return { what, found };
  throw new LiveDreamError('ERR_LIVEDREAM_PARAMETERS_MISSING', `${what} has no parameters of livedream in it.`);
}

function checked({ what, found }: Written): PictureParameters {
  checkParameters(found, what, (why, cause) => damagedParameters(what, why, cause));
  return found;
}

/** The same also of what only can be shown: the settings of a page's live picture. */
export async function readSettings(
  picture: PictureInput,
): Promise<PictureParameters | Readonly<Record<string, unknown>>> {
  const written = await writtenIn(picture);
  return isLive(written.found) ? written.found : checked(written);
}

/**
 * What a dreamed picture was made with, as `dream.toFile` and the service wrote it: `dreamer.dream(photo, parameters)` makes it
 * again, `loadOptionsOf(parameters)` loads a Dreamer as it was.
 * @param picture an encoded picture: a path or `file:` URL, bytes, a Blob or a stream
 * @throws LiveDreamError ERR_LIVEDREAM_PARAMETERS_MISSING, _UNREADABLE or _NEWER, ERR_LIVEDREAM_IMAGE_UNREADABLE
 * @example
 * ```ts
 * import { readParameters } from 'livedream';
 *
 * const { model, filter, seed, width, height } = await readParameters('dream.jpg');
 * console.log(model, filter, seed, `${width} x ${height}`);
 * ```
 */
export async function readParameters(picture: PictureInput): Promise<PictureParameters> {
  const written = await writtenIn(picture);
  if (!isLive(written.found)) return checked(written);
  const live = `${written.what} is a live picture of the page, and has settings that are no dream's parameters.`;
  throw new LiveDreamError('ERR_LIVEDREAM_PARAMETERS_MISSING', live, {
    repair: 'It hangs on the pictures before it and cannot be made again; `livedream show` prints its settings.',
  });
}
