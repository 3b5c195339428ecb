import type { Dream } from '../dream.js';
import { type Encoding, encodingOf } from '../formats.js';
import { encode } from '../image/encode.js';
import { withParameters } from '../image/parameters.js';
import { inJson } from '../json.js';
import type { AnswerOptions } from '../options/answer-options.js';
import { ENCODE_OPTIONS } from '../options/encode-options.js';
import { packageVersion } from '../version.js';
import type { ResultFormat } from './schemas.js';

const livedream = packageVersion();

/** The dream as it goes to its client, with what it was made with in it unless the client wants it without. */
export function encodedDream(dream: Dream, asked: AnswerOptions & { readonly format: ResultFormat }): Promise<Buffer> {
  const { format, quality = ENCODE_OPTIONS.quality.default, parameters = true } = asked;
  const image = dream.toSharp();
  const marked = parameters ? withParameters(image, { livedream, ...inJson(dream.parameters) }) : image;
  return encode(marked, encodingOf(format) as Encoding, quality);
}
