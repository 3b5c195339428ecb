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

function decoded(given: PictureInput, { of }: MaskFacts): ReturnType<typeof decode> {
  const reading = { size: undefined, page: undefined, check: () => undefined } as const;
  return decode(own(given), { ...reading, hashed: of === 'pixels' ? 'pixels' : true });
}

/** By which a picture is told to be the mask that these are the facts of. */
export async function hashOfMask(given: PictureInput, facts: MaskFacts): Promise<string> {
  return (await decoded(given, facts)).source?.sha256 ?? '';
}

/** The picture as the mask was given, so that its facts are the same again. */
export async function pictureAgain(given: PictureInput, facts: MaskFacts): Promise<PictureInput> {
  return facts.of === 'pixels' ? rgba(await decoded(given, facts)) : given;
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
  const found = await hashOfMask(given, facts);
  if (!force && found !== facts.sha256)
    throw new LiveDreamError(
      'ERR_LIVEDREAM_REPLAY_DIFFERS',
      `The mask is another than the one that was dreamed with: that has the SHA-256 ${facts.sha256}, and this ${found}.`,
      { repair: 'Give the mask that it was dreamed with; `--force` takes this one all the same.' },
    );
  return { mask: { ...parameters.mask, picture: await pictureAgain(given, facts) } as Mask };
}
