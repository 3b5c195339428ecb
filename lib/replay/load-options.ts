import type { PictureParameters } from '../dream.js';
import type { LoadOptions } from '../load-options.js';

/**
 * What loads a Dreamer as the one was that made the picture, but for its model: device, XLA, loop and precision.
 * @example
 * ```ts
 * import { Dreamer, loadOptionsOf, readParameters } from 'livedream';
 *
 * const parameters = await readParameters('dream.jpg');
 * await using dreamer = await Dreamer.load({ model: parameters.model, ...loadOptionsOf(parameters) });
 * ```
 */
export function loadOptionsOf({
  made,
}: Pick<PictureParameters, 'made'>): Pick<LoadOptions, 'device' | 'xla' | 'loop' | 'precision'> {
  if (!made) return {};
  const { device, xla, loop, precision } = made;
  return { device, xla, loop, precision };
}
