import type { PictureParameters } from '../dream.js';
import type { LoadOptions } from '../load-options.js';

/** What loads a Dreamer as the one was that made the picture, but for its model: device, XLA, loop and precision. */
export function loadOptionsOf({
  made,
}: Pick<PictureParameters, 'made'>): Pick<LoadOptions, 'device' | 'xla' | 'loop' | 'precision'> {
  if (!made) return {};
  const { device, xla, loop, precision } = made;
  return { device, xla, loop, precision };
}
