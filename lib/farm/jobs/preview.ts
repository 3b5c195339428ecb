import type { DreamProgress } from '../../options/dream-options.js';

export type PreviewPlace = Pick<DreamProgress, 'octave' | 'octaves' | 'iteration' | 'iterations' | 'fraction'>;

/** What a dream looks like on its way. */
export interface FarmPreview extends PreviewPlace {
  /** Of at most 320 pixels. */
  readonly jpeg: Buffer;
}

const LINE = 0x0a;

/** As it goes through Redis: where the dream is, as JSON in a line, and the picture. */
export function previewBytes({ jpeg, ...place }: FarmPreview): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(place)}\n`), jpeg]);
}

/** Undefined for what is none: anybody may say something there. */
export function readPreview(bytes: Buffer): FarmPreview | undefined {
  const end = bytes.indexOf(LINE);
  try {
    const place = JSON.parse(bytes.toString('utf8', 0, Math.max(0, end))) as PreviewPlace;
    return { ...place, jpeg: bytes.subarray(end + 1) };
  } catch {
    return undefined;
  }
}
