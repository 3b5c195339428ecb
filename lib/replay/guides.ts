import type { PictureParameters } from '../dream.js';
import { LiveDreamError } from '../errors.js';
import { readGuide } from '../image/guide.js';
import type { TermRecord } from '../model/terms.js';
import type { GuidePicture, TermOptions } from '../options/terms.js';

/** The hashes of the pictures that guided a dream, each once. */
export function guidesOf({ objective }: Pick<PictureParameters, 'objective'>): string[] {
  const terms = Array.isArray(objective) ? (objective as readonly TermRecord[]) : [];
  return [...new Set(terms.flatMap(({ guide }) => (guide === undefined ? [] : [guide.sha256])))];
}

function missing(sha256: string, given: readonly string[]): LiveDreamError {
  const instead = given.length === 0 ? 'no guide was given' : `those given have ${given.join(', ')}`;
  return new LiveDreamError(
    'ERR_LIVEDREAM_REPLAY_DIFFERS',
    `The dream was guided by a picture of SHA-256 ${sha256}, and ${instead}.`,
    { repair: 'Give that picture with `--guide`, or as one of `guides`; `--force` takes another in its place.' },
  );
}

/**
 * A dream's objective with its guides, which its parameters only name by hash, or undefined where it has none. Rejects with
 * ERR_LIVEDREAM_REPLAY_DIFFERS where one of them is not given, unless `force`: then the first that is given stands for it.
 */
export async function withGivenGuides(
  parameters: PictureParameters,
  guides: readonly GuidePicture[],
  force: boolean,
): Promise<readonly TermOptions[] | undefined> {
  if (guidesOf(parameters).length === 0) return undefined;
  const bySha256 = new Map<string, GuidePicture>();
  for (const guide of guides) bySha256.set((await readGuide(guide, {})).sha256, guide);
  return (parameters.objective as readonly TermRecord[]).map((term) => {
    if (term.guide === undefined) return term as TermOptions;
    const { sha256 } = term.guide;
    const guide = bySha256.get(sha256) ?? (force ? guides[0] : undefined);
    if (guide === undefined) throw missing(sha256, [...bySha256.keys()]);
    return { ...term, guide };
  });
}
