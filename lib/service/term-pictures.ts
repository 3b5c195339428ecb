import { optionRangeError } from '../errors.js';
import type { DreamOptions } from '../options/dream-options.js';
import { fromBase64 } from './base64.js';

type Fields = Readonly<Record<string, unknown>>;

function termsOf({ objective }: DreamOptions): readonly Fields[] {
  const given: unknown = objective;
  return Array.isArray(given) ? given.filter((term) => typeof term === 'object' && term !== null) : [];
}

/** Of a mask that is a picture, or has one. */
function withMaskBytes(field: string, mask: unknown): unknown {
  if (typeof mask !== 'object' || mask === null) return fromBase64(field, mask);
  const { picture } = mask as Fields;
  return picture === undefined ? mask : { ...mask, picture: fromBase64(`${field}.picture`, picture) };
}

/** With the bytes of guides and of terms' masks for their base64: a client's text is never the path of a file here. */
export function withTermBytes(options: DreamOptions): DreamOptions {
  if (!termsOf(options).some(({ guide, mask }) => guide !== undefined || mask !== undefined)) return options;
  const objective = (options.objective as readonly unknown[]).map((term, index) => {
    const { guide, mask } = Object(term) as Fields;
    const field = `objective[${index}]`;
    if (guide === undefined && mask === undefined) return term;
    return {
      ...Object(term),
      ...(guide === undefined ? {} : { guide: fromBase64(`${field}.guide`, guide) }),
      ...(mask === undefined ? {} : { mask: withMaskBytes(`${field}.mask`, mask) }),
    };
  });
  return { ...options, objective } as unknown as DreamOptions;
}

/** The pictures in a request's terms, whose bytes they are by now. */
export function termPictures(options: DreamOptions): { readonly what: string; readonly picture: Buffer }[] {
  return termsOf(options).flatMap(({ guide, mask }) => {
    const masked: unknown = Buffer.isBuffer(mask) ? mask : (Object(mask) as Fields)['picture'];
    return [
      ...(Buffer.isBuffer(guide) ? [{ what: 'The guide', picture: guide }] : []),
      ...(Buffer.isBuffer(masked) ? [{ what: 'The mask', picture: masked }] : []),
    ];
  });
}

/** Throws a RangeError for a guide of a live client, whose options are messages of a few kilobytes. */
export function refuseGuides(options: DreamOptions): void {
  const index = termsOf(options).findIndex(({ guide }) => guide !== undefined);
  if (index >= 0) throw optionRangeError(`objective[${index}].guide`, 'left out of a live stream', 'a picture');
}
