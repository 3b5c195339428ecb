import { open } from 'node:fs/promises';
import type { Metadata, Sharp } from 'sharp';
import { reason, unreadable } from './unreadable.js';

/** The list of items lies before the pixels; that of a grid of 1,000 parts has 30 kB. */
const HEAD_BYTES = 256 * 1024;

async function headOf(input: string | Buffer): Promise<Buffer> {
  if (typeof input !== 'string') return input.subarray(0, HEAD_BYTES);
  const file = await open(input);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Whether a HEIF holds one picture put together of its others (ISO/IEC 23008-12, 6.6.2), which libheif counts as images of
 * their own where the writer has not hidden them. Entries of the list of items: `infe`, version, flags, number, protection, type.
 */
async function isPutTogether(input: string | Buffer): Promise<boolean> {
  const head = await headOf(input);
  return /infe(.{8}|.{10})(grid|iovl)/s.test(head.toString('latin1'));
}

/** The image to read: undefined is the primary one. A HEIF's images are no frames, so none has to be chosen. */
export async function heifPage(
  { pagePrimary, pages = 1 }: Metadata,
  page: number | undefined,
  input: string | Buffer,
): Promise<number | undefined> {
  if (page === undefined || page === pagePrimary) return undefined;
  return page === 0 && pages > 1 && (await isPutTogether(input)) ? undefined : page;
}

/** sharp comes without HEVC, for its patents, but reads such a file's header. */
export async function checkHevc(metadata: Metadata, image: Sharp, what: string): Promise<void> {
  if (metadata.compression !== 'hevc') return;
  const why = 'it is HEIC, and HEVC, which decodes that, is not built into sharp here; convert it to AVIF, JPEG or PNG';
  await image
    .clone()
    .raw()
    .toBuffer()
    .catch((error: unknown) => {
      throw unreadable(what, /not been built in|codec/i.test(String(error)) ? why : reason(error), error);
    });
}
