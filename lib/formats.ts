/** The types of file that dreams are written in: the extension, which is also the name for it, and what sharp calls it. */
const FORMATS = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'avif',
  tif: 'tiff',
  tiff: 'tiff',
} as const;

export type PictureFormat = keyof typeof FORMATS;

/** sharp's name for a format. */
export type Encoding = (typeof FORMATS)[PictureFormat];

export const PICTURE_FORMATS = Object.keys(FORMATS) as PictureFormat[];

export const DEFAULT_FORMAT = 'png' satisfies PictureFormat;

/** Undefined for anything but a format's name; `constructor` is none. */
export function encodingOf(name: string): Encoding | undefined {
  return Object.hasOwn(FORMATS, name) ? FORMATS[name as PictureFormat] : undefined;
}
