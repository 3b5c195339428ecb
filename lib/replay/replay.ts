import type { Dream, PictureParameters } from '../dream.js';
import type { Dreamer } from '../dreamer.js';
import { LiveDreamError } from '../errors.js';
import type { PictureInput } from '../image/source.js';
import type { DreamProgress } from '../options/dream-options.js';
import type { GuidePicture } from '../options/terms.js';
import { withGivenGuides } from './guides.js';
import { maskAgain } from './same-mask.js';
import { checkSource } from './same-source.js';
import { withGivenMasks } from './term-masks.js';

/** How to dream again. */
export interface ReplayOptions {
  /** Whether to dream of another photo too, or with another model; default false. */
  readonly force?: boolean | undefined;
  /** Of a dream that had a picture as its mask that picture, of which parameters hold only the hash. */
  readonly mask?: PictureInput | undefined;
  /** Of a dream whose terms had pictures as masks those, in any order. */
  readonly masks?: readonly PictureInput[] | undefined;
  /** The pictures that guided the dream, in any order: its parameters tell only their hashes. */
  readonly guides?: readonly GuidePicture[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DreamProgress) => unknown) | undefined;
}

/** Throws ERR_LIVEDREAM_REPLAY_DIFFERS for a Dreamer with another network than the picture was dreamed with. */
export function checkModel({ model, modelSha256 }: Dreamer, parameters: PictureParameters): void {
  if (modelSha256 === parameters.modelSha256) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_REPLAY_DIFFERS',
    `The model '${model}' has the SHA-256 ${modelSha256}, and the picture was dreamed with '${parameters.model}', ${parameters.modelSha256}.`,
    { repair: 'Name the model that it was dreamed with; `--force` dreams with this one all the same.' },
  );
}

/**
 * Makes a dream again, of the same photo and with the same model: the same bytes on the same machine. One that was computed side
 * by side with others is so again, since that decides how sums are rounded.
 * @param photo what `dream` takes, but for streams, which can be read only once
 * @param parameters what `readParameters` read from the dreamed picture
 * @throws LiveDreamError ERR_LIVEDREAM_REPLAY_DIFFERS for another photo, guide, mask or model, unless `force`; a RangeError for a
 * mask that is not given; else as `dream` does
 * @example
 * ```ts
 * import { readParameters, replay } from 'livedream';
 *
 * const again = await replay(dreamer, 'photo.jpg', await readParameters('dream.jpg'));
 * await again.toFile('again.jpg');
 * ```
 */
export async function replay(
  dreamer: Dreamer,
  photo: PictureInput,
  parameters: PictureParameters,
  { force = false, guides = [], mask, masks = [], signal, onProgress }: ReplayOptions = {},
): Promise<Dream> {
  if (!force) checkModel(dreamer, parameters);
  const source = force ? photo : await checkSource(photo, parameters);
  const guided = await withGivenGuides(parameters, guides, force);
  const objective = await withGivenMasks(parameters, guided, masks, force);
  const masked = await maskAgain(parameters, mask, force);
  const again = {
    ...parameters,
    ...masked,
    modelSha256: dreamer.modelSha256,
    ...(objective === undefined ? {} : { objective }),
  };
  const { together = 1 } = parameters;
  if (together === 1) return dreamer.dream(source, { ...again, signal, onProgress });
  const photos = Array<PictureInput>(together).fill(source);
  for await (const { dream, error } of dreamer.dreamAll(photos, { ...again, signal, onProgress, inOrder: true })) {
    if (error) throw error;
    return dream;
  }
  throw new LiveDreamError('ERR_LIVEDREAM_INTERNAL', 'No dream came of the photo.');
}
