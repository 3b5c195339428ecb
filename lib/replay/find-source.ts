import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { PictureParameters } from '../dream.js';
import { sha256OfFile } from '../files/hash.js';
import { finalSize, readHeader } from '../image/open.js';

const PICTURE = /\.(png|jpe?g|webp|avif|gif|tiff?|heic|heif)$/i;

/**
 * The photo that was dreamed of, where it lies beside its dream, by whatever name. Headers are read of all pictures there, and
 * hashed are those of its size. Undefined where none is it, or where it was no file.
 */
export async function findSource(
  picture: string,
  { source }: PictureParameters,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (source?.of !== 'bytes') return undefined;
  const folder = path.dirname(picture);
  const names = (await readdir(folder)).filter((name) => PICTURE.test(name)).sort();
  for (const name of names) {
    signal.throwIfAborted();
    const file = path.join(folder, name);
    // What cannot be read is not it.
    const header = await readHeader(file, name).catch(() => undefined);
    if (!header) continue;
    const { width, height } = finalSize(header, undefined);
    if (width !== source.width || height !== source.height) continue;
    if ((await sha256OfFile(file, signal)) === source.sha256) return file;
  }
  return undefined;
}
