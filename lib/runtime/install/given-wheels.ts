import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import type { Wheel } from '../wheel.js';
import { wrongHash } from './download.js';

interface GivenFile {
  readonly file: string;
  readonly bytes: number;
}

function failed(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', message, { cause });
}

async function sizeOf(file: string): Promise<GivenFile> {
  return { file, bytes: (await stat(file)).size };
}

/** The files that were named, and the wheels of the folders that were named. */
async function listFiles(from: readonly string[]): Promise<GivenFile[]> {
  const files: GivenFile[] = [];
  for (const place of from) {
    const found = await stat(place).catch((error: unknown) => {
      throw failed(`There is no file or folder '${place}'.`, error);
    });
    if (!found.isDirectory()) {
      files.push({ file: path.resolve(place), bytes: found.size });
      continue;
    }
    const names = (await readdir(place)).filter((name) => name.endsWith('.whl'));
    files.push(...(await Promise.all(names.map((name) => sizeOf(path.resolve(place, name))))));
  }
  return files;
}

/** How a wheel's name begins: its project and version, as PyPI writes them. */
function stem(wheel: Wheel): string {
  return `${wheel.project.replaceAll('-', '_')}-`;
}

function mismatch(wheel: Wheel, files: readonly GivenFile[], hashes: ReadonlyMap<string, string>): LiveDreamError {
  const alone = files.length === 1 ? files[0] : undefined;
  const meant = files.find(({ file }) => path.basename(file).startsWith(stem(wheel))) ?? alone;
  if (meant) return wrongHash(meant.file, hashes.get(meant.file) ?? '', wheel);
  return failed(`Among the ${files.length} wheels that were given ${wheel.file} is missing.`);
}

/**
 * The files for all wheels, known by their SHA-256, whatever their names.
 * @throws LiveDreamError ERR_LIVEDREAM_CHECKSUM or ERR_LIVEDREAM_INSTALL_FAILED
 */
export async function matchWheels(
  from: readonly string[],
  wheels: readonly Wheel[],
  onBytes: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Map<Wheel, string>> {
  const files = await listFiles(from);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const hashes = new Map<string, string>();
  for (const { file } of files) {
    const count = (bytes: number): void => {
      done += bytes;
      onBytes(done, total);
    };
    hashes.set(file, await sha256OfFile(file, signal, count));
  }
  const chosen = new Map<Wheel, string>();
  for (const wheel of wheels) {
    const match = files.find(({ file }) => hashes.get(file) === wheel.sha256);
    if (!match) throw mismatch(wheel, files, hashes);
    chosen.set(wheel, match.file);
  }
  return chosen;
}
