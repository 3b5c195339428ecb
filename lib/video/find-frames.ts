import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { encodingOf } from '../formats.js';
import { unreadableFilm } from './probe.js';

/** What is to be dreamed: one film, or pictures in their order. */
export type FramesInput =
  | { readonly kind: 'film'; readonly file: string }
  | { readonly kind: 'pictures'; readonly files: readonly string[] };

/** Read by sharp, beside those that are written too. */
const ALSO_READ = ['.gif', '.heic', '.heif'];

function isPicture(name: string): boolean {
  const extension = path.extname(name).toLowerCase();
  return encodingOf(extension.slice(1)) !== undefined || ALSO_READ.includes(extension);
}

const collator = new Intl.Collator('en', { numeric: true });

/** As people count: frame-9 before frame-10. */
function inOrder(names: readonly string[]): string[] {
  return [...names].sort((one, other) => collator.compare(one, other) || (one < other ? -1 : 1));
}

function escaped(text: string): string {
  return text.replace(/[.+^${}()|\\]/g, '\\$&');
}

/** A pattern of shells, for names in one folder: `*`, `?` and `[a-z]`. */
export function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*|\?|\[[^\]]+\])/);
  const source = parts.map((part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return /^\[[^\]]+\]$/.test(part) ? part.replace(/^\[!/, '[^') : escaped(part).replace(/[[\]]/g, '\\$&');
  });
  // As in shells, a dot at the beginning has to be said.
  return new RegExp(`^${glob.startsWith('.') ? '' : '(?!\\.)'}${source.join('')}$`);
}

async function isFolder(file: string): Promise<boolean | undefined> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => undefined,
  );
}

async function namesIn(folder: string, fits: (name: string) => boolean): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw unreadableFilm(folder, error.code === 'ENOENT' ? 'there is no such folder' : error.message, error);
  });
  return inOrder(names.filter(fits)).map((name) => path.join(folder, name));
}

/** The films and pictures that a user named. Rejects with ERR_LIVEDREAM_VIDEO_UNREADABLE where there is none. */
export async function findFrames(given: readonly string[]): Promise<FramesInput> {
  const [first = '', ...others] = given;
  if (others.length > 0) return { kind: 'pictures', files: given };
  const folder = await isFolder(first);
  if (folder === false) return { kind: 'film', file: first };
  if (folder) {
    const files = await namesIn(first, isPicture);
    if (files.length === 0) throw unreadableFilm(first, 'it is a folder without pictures');
    return { kind: 'pictures', files };
  }
  const name = path.basename(first);
  if (!/[*?[]/.test(name)) return { kind: 'film', file: first };
  const pattern = patternOf(name);
  const files = await namesIn(path.dirname(first), (each) => pattern.test(each));
  if (files.length === 0) throw unreadableFilm(first, 'no file has such a name');
  return { kind: 'pictures', files };
}
