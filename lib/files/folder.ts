import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Makes a folder whose parent is there; undefined where it is there itself, perhaps as another process was faster. */
async function makeOne(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    if (await isFolder(folder)) return undefined;
    throw error;
  }
}

/**
 * Makes a folder and those above it, and tells the first of them that was not there. Not by mkdir's own `recursive`: where a
 * parent takes no entries and says that they do not exist, as /proc does, that tries for ever [Node 20].
 */
export async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await makeOne(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    const first = await makeFolder(parent);
    const made = await makeOne(folder);
    return first ?? made;
  }
}
