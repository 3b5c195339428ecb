import { constants, gunzipSync } from 'node:zlib';
import { LENGTH, readFields, type WireField } from './wire.js';

/** What is known of a file before it is taken for a model: enough to tell its kind. */
export interface FileLook {
  /** Its path, as the user gave it; empty for bytes that were given in code. */
  readonly name: string;
  readonly size: number;
  /** Its first bytes, or all of them. */
  readonly head: Uint8Array;
  /** Its last bytes. */
  readonly tail: Uint8Array;
  /** The names in a zip; undefined where it is none, or where its directory cannot be read. */
  readonly entries?: readonly string[] | undefined;
}

/** Whether `bytes` has these numbers, or this text, at an offset. */
export function hasAt(bytes: Uint8Array, offset: number, expected: string | readonly number[]): boolean {
  const wanted = typeof expected === 'string' ? Buffer.from(expected, 'latin1') : Buffer.from(expected);
  return Buffer.from(bytes.subarray(offset, offset + wanted.length)).equals(wanted);
}

export function isZip({ head }: FileLook): boolean {
  return hasAt(head, 0, 'PK\x03\x04') || hasAt(head, 0, 'PK\x05\x06');
}

/** Of any amount of text, what is needed to know whose it is. */
const TEXT_BYTES = 4096;

/** The text at a file's beginning, or undefined where it is no text. */
export function textOf({ head }: FileLook): string | undefined {
  const text = Buffer.from(head.subarray(0, TEXT_BYTES))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells a binary file.
  return /[\0-\x08\x0e-\x1f]/.test(text) ? undefined : text.trimStart();
}

export function textMatches(look: FileLook, pattern: RegExp): boolean {
  return pattern.test(textOf(look) ?? '');
}

/** Whether it is the text of a graph, by its first field. */
export function isTextGraph(look: FileLook): boolean {
  return textMatches(look, /^(#[^\n]*\n\s*)*(node|library|versions?|debug_info)\s*[:{<]/);
}

/** Whether a gzip holds a tar. */
export function holdsTar({ head }: FileLook): boolean {
  try {
    // Only the beginning is there, so the stream has no end.
    const inner = gunzipSync(head.subarray(0, TEXT_BYTES), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 2 ** 24,
    });
    return hasAt(inner, 257, 'ustar');
  } catch {
    return false;
  }
}

/** The first field of a message where it is a varint, with the fields after it that are there. */
function afterVersion({ head }: FileLook): { version: number; rest: readonly WireField[] } | undefined {
  const [first, ...rest] = readFields(head);
  return first?.number === 1 && first.type === 0 ? { version: first.value, rest } : undefined;
}

const hasField = (fields: readonly WireField[], ...numbers: readonly number[]): boolean =>
  fields.some(({ number, type }) => type === LENGTH && numbers.includes(number));

/** saved_model.proto: a version, 1 ever since, and graphs. */
export function isSavedModel(look: FileLook): boolean {
  const found = afterVersion(look);
  const graphs = found?.rest ?? [];
  return found?.version === 1 && graphs.every(({ number }) => number === 2) && (graphs.at(-1)?.end ?? 0) >= look.size;
}

/** onnx.proto: a version, the producer's name and so on, and the graph (7) or the operators' version (8). */
export function isOnnx(look: FileLook): boolean {
  return hasField(afterVersion(look)?.rest ?? [], 7, 8);
}

/** Core ML's Model.proto: a version, a description, and one of many types of model from 200 on. */
export function isCoreMl(look: FileLook): boolean {
  const rest = afterVersion(look)?.rest ?? [];
  return rest[0]?.number === 2 && rest.some(({ number, type }) => type === LENGTH && number >= 200);
}

/** caffe.proto: layers (100), which no graph has; an old file has them elsewhere and is told by its name. */
export function isCaffe(look: FileLook): boolean {
  return hasField(readFields(look.head), 100) || (/\.caffemodel$/i.test(look.name) && !isGraph(look));
}

/** A .meta file (MetaGraphDef): its first field tells TensorFlow's version, which a graph does not. */
export function isMetaGraph({ head }: FileLook): boolean {
  const [first] = readFields(head);
  if (first?.number !== 1 || first.type !== LENGTH) return false;
  const about = readFields(head, first.start, Math.min(first.end, head.length));
  return about.some(
    ({ number, start, end }) =>
      number === 5 && /^\d+\.\d+\.\d+/.test(Buffer.from(head.subarray(start, end)).toString()),
  );
}

const GRAPH_FIELDS = [1, 2, 3, 4, 5];

/** A node's name, as far as it is there; undefined where the bytes are no node. */
function nodeName(bytes: Uint8Array, { start, end }: WireField): string | undefined {
  const [name] = readFields(bytes, start, Math.min(end, bytes.length));
  if (name?.number !== 1 || name.type !== LENGTH || name.end > end) return undefined;
  const text = Buffer.from(bytes.subarray(name.start, name.end)).toString('latin1');
  return /^[\w.\-/>]+$/.test(text) ? text : undefined;
}

/** Whether the first thing in a file is a node with a name. */
export function isGraph({ head }: FileLook): boolean {
  const [first] = readFields(head);
  return first?.number === 1 && first.type === LENGTH && nodeName(head, first) !== undefined;
}

/** Where a frozen graph that is whole up to there breaks off, or undefined where it does not, or where it is no graph. */
export function cutAt(look: FileLook): string | undefined {
  const { head, size } = look;
  const fields = readFields(head);
  const last = fields.at(-1);
  if (!last || !isGraph(look) || fields.some(({ number }) => !GRAPH_FIELDS.includes(number))) return undefined;
  const count = fields.filter(({ number }) => number === 1).length;
  if (last.end > size) {
    if (last.number !== 1) return 'in the middle of its functions';
    const name = nodeName(head, last);
    return `in the middle of node ${count}${name === undefined ? '' : `, '${name}'`}`;
  }
  // The bytes are all there are, and what follows the last field is the beginning of another.
  return head.length === size && last.end < size && size - last.end < 10 ? `after node ${count}` : undefined;
}
