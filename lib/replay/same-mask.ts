import type { PictureParameters } from '../dream.js';
import { LiveDreamError, optionRangeError } from '../errors.js';
import { decode } from '../image/decode.js';
import { own, type PictureInput } from '../image/source.js';
import type { Mask, MaskFacts } from '../options/mask.js';
import { rgba } from './same-source.js';

/** What a dream's mask was made of, where that was a picture. */
export function maskPicture({ mask }: Pick<PictureParameters, 'mask'>): MaskFacts | undefined {
  return mask && 'picture' in mask ? mask.picture : undefined;
}

/**
 * The mask of the dream that is made again, with the picture that was given for it in its place.
 * @throws a RangeError of `mask` where one is needed and not given, or given and not needed; ERR_LIVEDREAM_REPLAY_DIFFERS for
 * another one, unless `force`; ERR_LIVEDREAM_IMAGE_*
 */
export async function maskAgain(
  parameters: Pick<PictureParameters, 'mask'>,
  given: PictureInput | undefined,
  force: boolean,
): Promise<{ readonly mask?: Mask }> {
  const facts = maskPicture(parameters);
  if (!facts && given === undefined) return {};
  if (!facts) throw optionRangeError('mask', 'left out of a dream that had no picture as its mask', given);
  if (given === undefined)
    throw optionRangeError('mask', `given: the picture of SHA-256 ${facts.sha256}, as which it was dreamed`, given);
  const pixels = facts.of === 'pixels';
  const reading = { size: undefined, page: undefined, check: () => undefined } as const;
  const decoded = await decode(own(given), { ...reading, hashed: pixels ? 'pixels' : true });
  const found = decoded.source?.sha256;
  if (!force && found !== facts.sha256)
    throw new LiveDreamError(
      'ERR_LIVEDREAM_REPLAY_DIFFERS',
      `The mask is another than the one that was dreamed with: that has the SHA-256 ${facts.sha256}, and this ${found}.`,
      { repair: 'Give the mask that it was dreamed with; `--force` takes this one all the same.' },
    );
  const picture = pixels ? rgba(decoded) : given;
  return { mask: { ...parameters.mask, picture } as Mask };
}
