import { readFile, rm, stat, writeFile } from 'node:fs/promises';

/** What has come of a download, kept for the next try, also that of another process. */
export interface Partial {
  readonly file: string;
  /** Of the whole. */
  readonly bytes: number;
}

/** What the server called the version that the bytes are of. */
interface Origin {
  readonly url: string;
  readonly validator: string;
}

function originFile({ file }: Partial): string {
  return `${file}.json`;
}

export async function removePartial(partial: Partial): Promise<void> {
  for (const file of [partial.file, originFile(partial)]) await rm(file, { force: true });
}

/** How many bytes have come; what is longer than the whole can be no part of it, and goes. */
export async function bytesThere(partial: Partial): Promise<number> {
  const found = await stat(partial.file).catch(() => undefined);
  if (found === undefined) return 0;
  if (found.isFile() && found.size <= partial.bytes) return found.size;
  await rm(partial.file, { recursive: true, force: true });
  return 0;
}

/** The value of If-Range for the bytes that have come from this address. */
export async function readValidator(partial: Partial, url: string): Promise<string | undefined> {
  try {
    const origin = JSON.parse(await readFile(originFile(partial), 'utf8')) as Origin;
    return origin.url === url && typeof origin.validator === 'string' ? origin.validator : undefined;
  } catch {
    // Absent, or half written by one who was killed: without it the hash of the whole decides.
    return undefined;
  }
}

/** A weak ETag says nothing about bytes, so it is none here. */
export async function keepValidator(
  partial: Partial,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { etag, 'last-modified': modified } = headers;
  const validator = etag !== undefined && !etag.startsWith('W/') ? etag : modified;
  if (validator === undefined) return rm(originFile(partial), { force: true });
  await writeFile(originFile(partial), JSON.stringify({ url, validator } satisfies Origin));
}
