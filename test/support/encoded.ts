import sharp from 'sharp';
import { madePicture } from './pictures.js';

/** A PNG's bytes. */
export async function encodedPicture(width: number, height: number): Promise<Buffer> {
  const raw = { width, height, channels: 3 } as const;
  return sharp(Uint8Array.from(madePicture(width, height)), { raw })
    .png()
    .toBuffer();
}
