import { existsSync } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import yauzl, { type ZipFile } from 'yauzl';
import { LiveDreamError } from '../errors.js';
import { type FoundKind, fileKind, withMetaGraph } from './file-kind.js';
import { FILE_KINDS } from './file-kinds.js';
import { type FileLook, isGraph, isZip } from './file-look.js';
import { textGraphBytes } from './text-graph.js';
import { TextFault } from './text-reader.js';

/** Enough for the kinds that say at their beginning what they are. */
const HEAD_BYTES = 4096;
const TAIL_BYTES = 64;
const MOST_ENTRIES = 1000;
const MOST_FILES = 200;

function otherKind(what: string, found: FoundKind): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_MODEL_UNREADABLE',
    `The model '${what}' cannot be read: it is ${found.what}.`,
    {
      repair: found.todo,
    },
  );
}

/** The names in a zip, or undefined where its directory cannot be read. */
async function zipEntries(opening: Promise<ZipFile>): Promise<string[] | undefined> {
  let zip: ZipFile | undefined;
  try {
    zip = await opening;
    const names: string[] = [];
    for await (const { fileName } of zip.eachEntry()) if (names.push(fileName) >= MOST_ENTRIES) break;
    return names;
  } catch {
    return undefined;
  } finally {
    zip?.close();
  }
}

async function readPart(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Undefined where there is no such file, or where it cannot be opened. */
async function lookAtFile(name: string): Promise<FileLook | undefined> {
  // A pipe would be waited on.
  const there = await stat(name).catch(() => undefined);
  const file = there?.isFile() ? await open(name).catch(() => undefined) : undefined;
  if (!there || !file) return undefined;
  const { size } = there;
  try {
    const head = await readPart(file, 0, Math.min(size, HEAD_BYTES));
    const tail = await readPart(file, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES));
    const look = { name, size, head, tail };
    const zip = { lazyEntries: true, autoClose: false };
    return isZip(look) ? { ...look, entries: await zipEntries(yauzl.openPromise(name, zip)) } : look;
  } finally {
    await file.close();
  }
}

async function lookAtBytes(bytes: Buffer, name: string): Promise<FileLook> {
  const look = { name, size: bytes.length, head: bytes, tail: bytes.subarray(-TAIL_BYTES) };
  return isZip(look)
    ? { ...look, entries: await zipEntries(yauzl.fromBufferPromise(bytes, { lazyEntries: true })) }
    : look;
}

function kindOf(look: FileLook): FoundKind | undefined {
  const found = fileKind(look);
  const prefix = look.name.replace(/\.(index|data-\d{5}-of-\d{5})$/, '');
  return found?.kind === 'checkpoint' && existsSync(`${prefix}.meta`) ? withMetaGraph(look) : found;
}

/** The kind of a file by its first bytes; undefined where it may be a frozen graph, or where it cannot be opened. */
export async function kindOfFile(file: string): Promise<FoundKind | undefined> {
  const look = await lookAtFile(file);
  return look && kindOf(look);
}

/** Throws ERR_LIVEDREAM_MODEL_UNREADABLE for a file of another kind, without reading more of it than is needed. */
export async function refuseOtherFile(file: string): Promise<void> {
  const found = await kindOfFile(file);
  if (found && found.kind !== 'graph-text') throw otherKind(file, found);
}

/** The same for a description: a converter's JSON, or what stands in the place of one. */
export async function refuseOtherDescription(file: string): Promise<void> {
  const found = await kindOfFile(file);
  if (found && found.kind !== 'json' && found.kind !== 'text') throw otherKind(file, found);
}

function noDescription(folder: string, graph: string): LiveDreamError {
  const text = `The model '${folder}' cannot be read: it has no model.json.`;
  const repair = `Give its graph by its own path, '${graph}', or write a model.json that names it.`;
  return new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', text, { repair });
}

/** Says what a folder without a description holds, where that is a graph or a model of another kind. */
export async function refuseOtherFolder(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort();
  const others: { file: string; found: FoundKind }[] = [];
  for (const file of names.slice(0, MOST_FILES).map((name) => path.join(folder, name))) {
    const look = await lookAtFile(file);
    const found = look && kindOf(look);
    if (look && (found ? found.kind === 'graph-text' : isGraph(look))) throw noDescription(folder, file);
    if (found && found.kind !== 'graph-text' && !('stray' in FILE_KINDS[found.kind])) others.push({ file, found });
  }
  const [other] = others;
  // A SavedModel is its folder, and no file of it.
  if (other && !others.some(({ found }) => found.kind === 'saved-model')) throw otherKind(other.file, other.found);
}

function readText(bytes: Buffer, what: string): Buffer {
  try {
    return textGraphBytes(bytes);
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    const text = `The model '${what}' cannot be read as the text of a GraphDef: ${error.message}.`;
    const repair =
      'Write it again, as a text or better as a .pb: `tf.io.write_graph(graph, DIR, "graph.pb", as_text=False)`.';
    throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', text, { cause: error, repair });
  }
}

/** The bytes of a frozen graph, from these or from their text. Throws ERR_LIVEDREAM_MODEL_UNREADABLE for any other kind. */
export async function graphBytes(bytes: Buffer, what: string, file = what): Promise<Buffer> {
  const found = fileKind(await lookAtBytes(bytes, file));
  if (found === undefined) return bytes;
  if (found.kind !== 'graph-text') throw otherKind(what, found);
  return readText(bytes, what);
}
