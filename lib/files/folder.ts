import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Makes a folder and those above it, and tells the first of them that was not there. Not by mkdir's own `recursive`: where a
 * parent takes no entries and says that they do not exist, as /proc does, that tries for ever [Node 20].
 */
export async function makeFolder(folder: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let each = path.resolve(folder); !(await isFolder(each)); each = path.dirname(each)) {
    missing.unshift(each);
    if (path.dirname(each) === each) break;
  }
  let first: string | undefined;
  for (const each of missing) {
    try {
      await mkdir(each);
      first ??= each;
    } catch (error) {
      // Another process may have been faster.
      if (!(await isFolder(each))) throw error;
    }
  }
  return first;
}
