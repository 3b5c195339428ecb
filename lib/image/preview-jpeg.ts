import sharp from 'sharp';
import type { Size } from '../size.js';

/** A finger's breadth, and quickly made. */
const PREVIEW = { side: 320, quality: 70 } as const;

/** A dream on its way as it is sent to those who watch: a small JPEG. */
export function previewJpeg({ data, width, height }: Size & { readonly data: Uint8Array }): Promise<Buffer> {
  const { side, quality } = PREVIEW;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality })
    .toBuffer();
}
