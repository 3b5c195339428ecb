import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { Dream } from '../dream.js';
import { makeFolder } from '../files/folder.js';

/** The types of thumbnails, and what each is on the wire. */
export const THUMBNAIL_TYPES = { jpeg: 'image/jpeg', webp: 'image/webp' } as const;

export type ThumbnailType = keyof typeof THUMBNAIL_TYPES;

export interface Thumbnail {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** One picture, in every type. */
export type Thumbnails = Readonly<Record<ThumbnailType, Thumbnail>>;

type Pixels = Pick<Dream, 'data' | 'width' | 'height'>;

const TYPES = Object.keys(THUMBNAIL_TYPES) as ThumbnailType[];

function thumbnailOf(bytes: Buffer): Thumbnail {
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"` };
}

async function ofEach(make: (type: ThumbnailType) => Promise<Buffer>): Promise<Thumbnails> {
  const made = await Promise.all(TYPES.map(async (type) => [type, thumbnailOf(await make(type))] as const));
  return Object.fromEntries(made) as Thumbnails;
}

/** A thumbnail of raw pixels, no wider than `most`. */
export function encoded({ data, width, height }: Pixels, most: number): Promise<Thumbnails> {
  const raw = { width, height, channels: 3 } as const;
  const pixels = sharp(data as Uint8Array, { raw }).resize({ width: most, withoutEnlargement: true });
  return ofEach((type) => pixels.clone().toFormat(type, { quality: 82 }).toBuffer());
}

/** Thumbnails in the cache folder. What cannot be kept is no error, and what is broken there is as if it were not. */
export class ThumbnailStore {
  readonly #folder: string | undefined;

  /** @param folder of one model; undefined keeps nothing */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  async read(key: string): Promise<Thumbnails | undefined> {
    if (this.#folder === undefined) return undefined;
    const read = async (type: ThumbnailType): Promise<Buffer> => {
      const bytes = await readFile(this.#file(key, type));
      // Decodes all of it.
      await sharp(bytes, { failOn: 'error' }).stats();
      return bytes;
    };
    return ofEach(read).catch(() => undefined);
  }

  async keep(key: string, thumbnails: Thumbnails): Promise<void> {
    if (this.#folder === undefined) return;
    for (const type of TYPES) {
      const file = this.#file(key, type);
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        await makeFolder(this.#folder);
        await writeFile(temporary, thumbnails[type].bytes);
        await rename(temporary, file);
      } catch {
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    }
  }

  #file(key: string, type: ThumbnailType): string {
    return path.join(this.#folder ?? '', `${key}.${type}`);
  }
}
