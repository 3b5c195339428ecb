import { readFile, stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { LiveDreamError } from '../errors.js';
import type { Size } from '../size.js';
import { checkHevc, heifPage } from './heif.js';
import { hasFloats } from './samples.js';
import { reason, unreadable } from './unreadable.js';

/** An encoded picture of which the header has been read. */
export interface OpenPicture {
  readonly image: Sharp;
  /** Its name in messages. */
  readonly what: string;
  readonly metadata: Metadata;
}

/** sharp decodes no more than this, whatever the memory limit: a bomb's header may claim anything. */
const MOST_PIXELS = 2 ** 30;
const SETTINGS = { failOn: 'truncated', limitInputPixels: MOST_PIXELS } as const;

async function checkFile(path: string, what: string): Promise<void> {
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(what, error.code === 'ENOENT' ? 'there is no such file' : reason(error), error);
  });
  if (file.isDirectory()) throw unreadable(what, 'it is a folder');
  if (file.size === 0) throw unreadable(what, 'it is empty');
}

/** What sharp is to open. libvips takes brackets at the end of a name for options, so it never sees such a name. */
async function openable(input: string | Buffer, what: string): Promise<string | Buffer> {
  if (typeof input !== 'string') {
    if (input.byteLength === 0) throw unreadable(what, 'it is empty');
    return input;
  }
  await checkFile(input, what);
  if (!input.includes('[')) return input;
  return readFile(input).catch((error: unknown) => {
    throw unreadable(what, reason(error), error);
  });
}

function checkFrames({ pages = 1 }: Metadata, page: number | undefined, what: string): void {
  if (page === undefined && pages > 1) {
    throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_ANIMATED', `${what} has ${pages} frames.`);
  }
  if (page !== undefined && page >= pages) {
    const frames = pages === 1 ? 'only frame 0' : `frames 0 to ${pages - 1}`;
    throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_ANIMATED', `${what} has ${frames}, not ${page}.`);
  }
}

export async function readMetadata(image: Sharp, what: string): Promise<Metadata> {
  return image.metadata().catch((error: unknown) => {
    throw unreadable(what, reason(error), error);
  });
}

/** The header of a picture, of however many frames. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE. */
export async function readHeader(input: string | Buffer, what: string): Promise<Metadata> {
  return readMetadata(sharp(await openable(input, what), SETTINGS), what);
}

/** Throws ERR_LIVEDREAM_IMAGE_UNREADABLE or _ANIMATED. */
export async function openPicture(
  input: string | Buffer,
  page: number | undefined,
  what = typeof input === 'string' ? `The picture '${input}'` : 'The picture in the buffer',
): Promise<OpenPicture> {
  const source = await openable(input, what);
  const image = sharp(source, SETTINGS);
  const metadata = await readMetadata(image, what);
  const isHeif = metadata.format === 'heif';
  if (!isHeif || page !== undefined) checkFrames(metadata, page, what);
  await checkHevc(metadata, image, what);
  const chosen = isHeif ? await heifPage(metadata, page, source) : page;
  // libvips makes floats black on their way through a colour profile.
  const ignoreIcc = hasFloats(metadata) && metadata.hasProfile;
  if (chosen === undefined && !ignoreIcc) return { image, what, metadata };
  const again = sharp(source, { ...SETTINGS, ignoreIcc, ...(chosen === undefined ? {} : { page: chosen }) });
  // Pages may differ in size.
  return { image: again, what, metadata: await readMetadata(again, what) };
}

/** Width and height as they will be dreamed: upright, resized. */
export function finalSize({ width, height, pageHeight, orientation = 1 }: Metadata, size: number | undefined): Size {
  const upright =
    orientation >= 5 ? { width: pageHeight ?? height, height: width } : { width, height: pageHeight ?? height };
  return fitted(upright, size);
}

/** With that longest side. */
export function fitted({ width, height }: Size, size: number | undefined): Size {
  if (size === undefined) return { width, height };
  const factor = size / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
