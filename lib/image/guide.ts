import type { Size } from '../size.js';
import { type BesideReader, readBeside } from './beside.js';
import { resizedRaw } from './raw.js';
import { own, type Picture, type PictureInput } from './source.js';

/**
 * The longest side of a guide, in pixels: what most networks were trained on, so that they see in it what they know. All its
 * positions are compared with every position of every tile, so a larger one would cost its square.
 */
export const GUIDE_SIDE = 224;

/** A guide as a network is to see it. */
export interface ReadGuide {
  readonly picture: Picture;
  /** Of its file or bytes, or of raw pixels as they were given. */
  readonly sha256: string;
  /** Its size before. */
  readonly given: Size;
}

/** Rejects as readBeside does. */
export async function readGuide(guide: PictureInput, reader: BesideReader): Promise<ReadGuide> {
  const picture = await readBeside(own(guide), 'The guide', reader);
  const { width, height, source } = picture;
  const scale = Math.min(1, GUIDE_SIDE / Math.max(width, height));
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  const sized = scale === 1 ? picture : await resizedRaw(picture, { width: side(width), height: side(height) });
  return { picture: sized, sha256: source.sha256, given: { width, height } };
}
