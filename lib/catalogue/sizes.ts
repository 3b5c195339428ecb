import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** The bytes of a file, or of all files of a folder. Rejects with the system's error. */
export async function bytesOf(place: string): Promise<number> {
  const found = await stat(place);
  if (!found.isDirectory()) return found.size;
  const entries = await readdir(place);
  const sizes = await Promise.all(entries.map((entry) => bytesOf(path.join(place, entry))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
