import sharp, { type Sharp } from 'sharp';
import { parametersIn, xmpOf } from '../page/xmp.js';

/** A segment of a JPEG holds 65,535 bytes, and libvips leaves out silently what is longer. */
const MOST_BYTES = 60_000;

/**
 * The instance, which writes into its PNG, JPEG or WebP what the picture was made with, as JSON in XMP. What is too long for
 * that is left out.
 */
export function withParameters(image: Sharp, parameters: object): Sharp {
  const xmp = xmpOf(parameters);
  return Buffer.byteLength(xmp) > MOST_BYTES ? image : image.withXmp(xmp);
}

/** What withParameters wrote into an encoded picture; undefined where there is nothing of it. */
export async function readParameters(bytes: Uint8Array): Promise<unknown> {
  const { xmpAsString = '' } = await sharp(bytes).metadata();
  return parametersIn(xmpAsString);
}
