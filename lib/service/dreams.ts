import { LiveDreamError, optionRangeError } from '../errors.js';
import { type Encoding, encodingOf } from '../formats.js';
import { checkReadable } from '../image/decode.js';
import { checkFits } from '../image/encode.js';
import { fitted } from '../image/open.js';
import type { DreamOptions } from '../options/dream-options.js';
import type { ServiceLimits } from '../options/serve-options.js';
import type { Size } from '../size.js';
import { outcomeOf } from './outcome.js';
import type { Asked, Dreamed, Watching } from './performer.js';
import { checkType } from './picture-types.js';
import type { Service } from './service.js';
import { termPictures } from './term-pictures.js';

/** Throws a RangeError for more work than the service does for one request. */
export function checkWork({ octaves, iterations }: DreamOptions, limits: ServiceLimits): void {
  const { octaveLimit, iterationLimit } = limits;
  if (octaves !== undefined && octaves > octaveLimit)
    throw optionRangeError('octaves', `a whole number from 1 to ${octaveLimit} on this service`, octaves);
  for (const each of [iterations ?? 1].flat())
    if (each > iterationLimit)
      throw optionRangeError('iterations', `a whole number from 1 to ${iterationLimit} on this service`, each);
}

export function checkPixels({ width, height }: Size, what: string, { pixelLimit }: ServiceLimits): void {
  if (width * height <= pixelLimit) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
    `${what} has ${width} x ${height} pixels, and this service takes at most ${pixelLimit}.`,
    { repair: 'Send a smaller picture, or a smaller `size`.' },
  );
}

async function sizeOf(picture: Asked['picture'], { page }: DreamOptions): Promise<Size> {
  if (!Buffer.isBuffer(picture)) return picture;
  checkType(picture);
  return checkReadable(picture, { page, size: undefined });
}

/** Throws what is wrong with a request, by the picture's header, before it takes a place in the queue. */
async function check({ picture, mask, options, format }: Asked, limits: ServiceLimits): Promise<void> {
  checkWork(options, limits);
  const own = await sizeOf(picture, options);
  checkPixels(own, 'The picture', limits);
  if (mask !== undefined) {
    checkType(mask);
    checkPixels(await checkReadable(mask, { page: undefined, size: undefined }), 'The mask', limits);
  }
  const size = fitted(own, options.size);
  checkPixels(size, 'The dream', limits);
  for (const { what, picture: each } of termPictures(options)) {
    checkType(each);
    checkPixels(await checkReadable(each, { page: undefined, size: undefined }), what, limits);
  }
  checkFits(size, encodingOf(format) as Encoding, 'The dream');
}

/** Dreams what a client asked for, within the limits. `left` is the client's going away. */
export async function dreamed(
  { performer, limits, activity, metrics }: Service,
  asked: Asked,
  left: AbortSignal,
  watching: Watching = {},
): Promise<Dreamed> {
  const late = AbortSignal.timeout(limits.timeLimit * 1000);
  const signal = AbortSignal.any([left, late]);
  try {
    await check(asked, limits);
    const made = await activity.during(performer.dream(asked, signal, watching));
    metrics.dreamed('done', made.spent);
    return made;
  } catch (error) {
    metrics.dreamed(outcomeOf(error, left, late));
    throw error;
  }
}
