import { optionRangeError } from '../errors.js';
import type { DreamOptions } from '../options/dream-options.js';
import { fromBase64 } from './base64.js';

type Fields = Readonly<Record<string, unknown>>;

function termsOf({ objective }: DreamOptions): readonly Fields[] {
  const given: unknown = objective;
  return Array.isArray(given) ? given.filter((term) => typeof term === 'object' && term !== null) : [];
}

/** With the guides' bytes for their base64: a client's text is never the path of a file here. */
export function withGuideBytes(options: DreamOptions): DreamOptions {
  if (!termsOf(options).some(({ guide }) => guide !== undefined)) return options;
  const objective = (options.objective as readonly unknown[]).map((term, index) => {
    const { guide } = Object(term) as Fields;
    return guide === undefined ? term : { ...Object(term), guide: fromBase64(`objective[${index}].guide`, guide) };
  });
  return { ...options, objective } as unknown as DreamOptions;
}

/** The guides of a request, whose bytes they are by now. */
export function guidesIn(options: DreamOptions): Buffer[] {
  return termsOf(options).flatMap(({ guide }) => (Buffer.isBuffer(guide) ? [guide] : []));
}

/** Throws a RangeError for a guide of a live client, whose options are messages of a few kilobytes. */
export function refuseGuides(options: DreamOptions): void {
  const index = termsOf(options).findIndex(({ guide }) => guide !== undefined);
  if (index >= 0) throw optionRangeError(`objective[${index}].guide`, 'left out of a live stream', 'a picture');
}
