import type { PictureParameters } from '../dream.js';
import { LiveDreamError, optionRangeError } from '../errors.js';
import type { PictureInput } from '../image/source.js';
import type { TermRecord } from '../model/terms.js';
import type { Mask, MaskFacts } from '../options/mask.js';
import type { TermOptions } from '../options/terms.js';
import { hashOfMask, pictureAgain } from './same-mask.js';

function factsOf({ mask }: TermRecord): MaskFacts | undefined {
  return mask && 'picture' in mask ? mask.picture : undefined;
}

/** The pictures that were masks of a dream's terms, each once. */
export function termMaskPictures({ objective }: Pick<PictureParameters, 'objective'>): MaskFacts[] {
  const terms = Array.isArray(objective) ? (objective as readonly TermRecord[]) : [];
  const all = terms.flatMap((term) => factsOf(term) ?? []);
  return [...new Map(all.map((facts) => [facts.sha256, facts])).values()];
}

/** The one that has the facts; with `force` the first of them all the same. */
async function findGiven(
  name: string,
  facts: MaskFacts,
  given: readonly PictureInput[],
  force: boolean,
): Promise<PictureInput> {
  const hashes: string[] = [];
  for (const each of given) {
    const hash = await hashOfMask(each, facts);
    if (hash === facts.sha256) return pictureAgain(each, facts);
    hashes.push(hash);
  }
  const [first] = given;
  if (first === undefined)
    throw optionRangeError(
      'masks',
      `given (with --mask for each): '${name}' was the picture of SHA-256 ${facts.sha256}`,
      undefined,
    );
  if (force) return pictureAgain(first, facts);
  throw new LiveDreamError(
    'ERR_LIVEDREAM_REPLAY_DIFFERS',
    `'${name}' was the picture of SHA-256 ${facts.sha256}, and those given have ${hashes.join(', ')}.`,
    { repair: 'Give that picture as one of the masks; `--force` takes another in its place.' },
  );
}

/**
 * The terms of an objective with the pictures that are their masks, which parameters only name by hash.
 * @throws a RangeError of `masks` where one is not given, or some are and none had any; ERR_LIVEDREAM_REPLAY_DIFFERS for another,
 * unless `force`; ERR_LIVEDREAM_IMAGE_*
 */
export async function withGivenMasks(
  parameters: Pick<PictureParameters, 'objective'>,
  terms: readonly TermOptions[] | undefined,
  masks: readonly PictureInput[],
  force: boolean,
): Promise<readonly TermOptions[] | undefined> {
  if (termMaskPictures(parameters).length === 0) {
    if (masks.length === 0) return terms;
    throw optionRangeError('masks', 'left out of a dream whose terms had no pictures as masks', masks);
  }
  const records = parameters.objective as readonly TermRecord[];
  return Promise.all(
    records.map(async (record, index) => {
      const term = terms?.[index] ?? (record as TermOptions);
      const facts = factsOf(record);
      if (facts === undefined) return term;
      const picture = await findGiven(`objective[${index}].mask`, facts, masks, force);
      return { ...term, mask: { ...record.mask, picture } as Mask };
    }),
  );
}
