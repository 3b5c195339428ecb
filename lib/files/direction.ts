import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../errors.js';

function unreadable(file: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_DIRECTION_UNREADABLE', `'${file}' has no direction: ${why}.`, { cause });
}

const NPY_TYPES: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  '<f4': [4, (view, at) => view.getFloat32(at, true)],
  '<f8': [8, (view, at) => view.getFloat64(at, true)],
  '<i4': [4, (view, at) => view.getInt32(at, true)],
  '<i8': [8, (view, at) => Number(view.getBigInt64(at, true))],
};

/** NumPy's format, of numbers in one row or column: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function fromNpy(bytes: Uint8Array, file: string): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== '\x93NUMPY' || bytes.length < 12) throw unreadable(file, 'it is no .npy file');
  const [start, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? '';
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((each) => each.trim() !== '')
    .map(Number);
  const known = Object.hasOwn(NPY_TYPES, type) ? NPY_TYPES[type] : undefined;
  if (known === undefined)
    throw unreadable(file, `its numbers are '${type}', and read are ${Object.keys(NPY_TYPES).join(', ')}`);
  const count = shape.reduce((product, each) => product * each, 1);
  if (shape.filter((each) => each !== 1).length > 1) throw unreadable(file, `it has the shape (${shape.join(', ')})`);
  const [size, read] = known;
  if (bytes.length !== start + length + count * size) throw unreadable(file, 'it is cut off');
  return Array.from({ length: count }, (_, index) => read(view, start + length + index * size));
}

function fromJson(bytes: Uint8Array, file: string): number[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw unreadable(file, 'it is no JSON', error);
  }
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'number'))
    throw unreadable(file, 'its JSON is no array of numbers');
  return value;
}

function fromCsv(bytes: Uint8Array, file: string): number[] {
  const cells = new TextDecoder()
    .decode(bytes)
    .split(/[,;\s]+/)
    .filter((cell) => cell !== '');
  const wrong = cells.find((cell) => !Number.isFinite(Number(cell)));
  if (wrong !== undefined) throw unreadable(file, `'${wrong.slice(0, 40)}' is no number`);
  return cells.map(Number);
}

const READERS: Readonly<Record<string, (bytes: Uint8Array, file: string) => number[]>> = {
  '.json': fromJson,
  '.npy': fromNpy,
  '.csv': fromCsv,
};

function readerOf(file: string): (bytes: Uint8Array, file: string) => number[] {
  const extension = path.extname(file).toLowerCase();
  const read = Object.hasOwn(READERS, extension) ? READERS[extension] : undefined;
  if (read === undefined) throw unreadable(file, `read are ${Object.keys(READERS).join(', ')}`);
  return read;
}

function parsed(bytes: Uint8Array, file: string): number[] {
  const direction = readerOf(file)(bytes, file);
  if (direction.length === 0) throw unreadable(file, 'it is empty');
  return direction;
}

function why(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
}

/**
 * A direction over a layer's channels from a file: `.json` (an array of numbers), `.npy` (NumPy's, float32, float64, int32 or
 * int64 in one row or column) or `.csv` (numbers with commas, semicolons, spaces or lines between).
 * @throws LiveDreamError ERR_LIVEDREAM_DIRECTION_UNREADABLE
 * @example
 * ```ts
 * import { readDirection } from 'livedream';
 *
 * const direction = await readDirection('direction.json'); // as many numbers as the layer has channels
 * const dream = await dreamer.dream('photo.jpg', { objective: [{ layer: 'mixed4d', direction }] });
 * ```
 */
export async function readDirection(file: string): Promise<number[]> {
  readerOf(file);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, why(error), error);
  });
  return parsed(bytes, file);
}

/** The same at once, for the command line. */
export function readDirectionNow(file: string): number[] {
  readerOf(file);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unreadable(file, why(error), error);
  }
  return parsed(bytes, file);
}
