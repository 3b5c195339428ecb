import type { Sharp } from 'sharp';
import { LiveDreamError } from '../errors.js';
import { parametersIn, xmpOf } from '../page/xmp.js';
import { readHeader } from './open.js';

/** A segment of a JPEG holds 65,535 bytes, and libvips leaves out silently what is longer. */
const MOST_BYTES = 60_000;

/**
 * The instance, which writes into its file what the picture was made with, as JSON in XMP. What is too long for
 * that is left out.
 */
export function withParameters(image: Sharp, parameters: object): Sharp {
  const xmp = xmpOf(parameters);
  return Buffer.byteLength(xmp) > MOST_BYTES ? image : image.withXmp(xmp);
}

/** Far more than is written here; what is longer is another program's, and nothing to be searched. */
const MOST_READ = 2 ** 22;

/**
 * What withParameters wrote into an encoded picture, or a file of one; undefined where there is nothing of it. Throws
 * ERR_LIVEDREAM_IMAGE_UNREADABLE for what is no picture, and ERR_LIVEDREAM_PARAMETERS_UNREADABLE for what is damaged.
 */
export async function embeddedParameters(picture: string | Buffer, what = 'The picture'): Promise<unknown> {
  const { xmp } = await readHeader(picture, what);
  if (xmp === undefined) return undefined;
  if (xmp.length > MOST_READ)
    throw damagedParameters(what, `its XMP has ${xmp.length} bytes, and at most ${MOST_READ} are read`);
  try {
    return parametersIn(xmp.toString('utf8'));
  } catch (error) {
    throw damagedParameters(what, 'they are no JSON', error);
  }
}

/** ERR_LIVEDREAM_PARAMETERS_UNREADABLE. */
export function damagedParameters(what: string, why: string, cause?: unknown): LiveDreamError {
  const message = `The parameters in ${what[0]?.toLowerCase()}${what.slice(1)} cannot be read: ${why}.`;
  return new LiveDreamError('ERR_LIVEDREAM_PARAMETERS_UNREADABLE', message, { cause });
}
