import type { Dream } from '../dream.js';
import type { AnswerOptions } from '../options/answer-options.js';
import type { ResultFormat } from './schemas.js';

/** The dream as it goes to its client, with what it was made with in it unless the client wants it without. */
export function encodedDream(dream: Dream, asked: AnswerOptions & { readonly format: ResultFormat }): Promise<Buffer> {
  const { format, quality, parameters } = asked;
  return dream.toBuffer(format, { quality, parameters });
}
