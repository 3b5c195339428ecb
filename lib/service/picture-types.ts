import { LiveDreamError } from '../errors.js';

/** How files begin of the types that strangers may send; `.` is any byte. */
const BEGINNINGS = [
  /^\x89PNG\r\n/,
  /^\xff\xd8\xff/,
  /^RIFF....WEBP/s,
  /^GIF8[79]a/,
  /^(II[*+]\0|MM\0[*+])/,
  // AVIF, and HEIC where it can be read.
  /^....ftyp/s,
];

/**
 * Throws ERR_LIVEDREAM_IMAGE_UNREADABLE for what begins as no picture of pixels does. What decodes pictures reads more, such as SVG: a
 * program of somebody's, which may draw for hours.
 */
export function checkType(picture: Buffer): void {
  const beginning = picture.toString('latin1', 0, 16);
  if (BEGINNINGS.some((pattern) => pattern.test(beginning))) return;
  throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_UNREADABLE', 'The picture is of no type that this service reads.');
}
