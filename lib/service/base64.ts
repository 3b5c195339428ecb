import { LiveDreamError, optionTypeError } from '../errors.js';

/** The bytes of base64, perhaps of a `data:` URL. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE, where Node would skip what is none. */
export function fromBase64(field: string, text: unknown): Buffer {
  if (typeof text !== 'string') throw optionTypeError(field, 'a string of base64', text);
  const digits = text.replace(/^data:[\w.+/-]{0,100};base64,/, '').replace(/={1,2}$/, '');
  if (digits.length === 0 || digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits))
    throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_UNREADABLE', `'${field}' is not a picture in base64.`);
  return Buffer.from(digits, 'base64');
}
