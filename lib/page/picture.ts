import type { PageFacts } from './facts.js';
import { Fault } from './faults.js';
import { made } from './parts.js';

/** A picture that the user brought. */
export interface Picture {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
  readonly name: string;
}

/** The picture, if the browser can read it. */
export async function readPicture(blob: Blob, name: string): Promise<Picture> {
  const { width, height } = await bitmapOf(blob);
  return { blob, width, height, name: name.replace(/\.[^.]*$/, '') || 'picture' };
}

async function bitmapOf(blob: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob);
  } catch {
    throw new Fault('This browser cannot read that file as a picture.', 'Choose a JPEG, PNG, WebP, GIF or AVIF.');
  }
}

/** The size that fits a longest side. */
export function fitted({ width, height }: Pick<Picture, 'width' | 'height'>, longest: number): [number, number] {
  const ratio = longest / Math.max(width, height);
  return [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
}

/** As large as the canvas is: what is drawn on it, encoded. */
export function encoded(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null): void =>
      blob ? resolve(blob) : reject(new Fault('The picture is too large for this browser.', 'Choose a smaller size.'));
    canvas.toBlob(take, type, quality);
  });
}

/** The picture on a canvas of that size. */
export async function drawn(blob: Blob, width: number, height: number): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(blob, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
  const canvas = made('canvas', { width, height });
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}

/** The picture as the service takes it: as it is, or where that is too much made smaller here. */
export async function forService(picture: Picture, { pixelLimit, bodyLimit }: PageFacts): Promise<Blob> {
  const { blob, width, height } = picture;
  if (width * height <= pixelLimit && blob.size <= bodyLimit) return blob;
  const shrink = Math.min(1, Math.sqrt(pixelLimit / (width * height)));
  const canvas = await drawn(blob, Math.floor(width * shrink), Math.floor(height * shrink));
  return encoded(canvas, 'image/jpeg', 0.95);
}
