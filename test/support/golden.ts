import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import packageRoot from '#package-root';
import { smallModel } from './models.js';
import { madePicture } from './pictures.js';
import type { ReferenceDream, ReferenceRequest } from './reference.js';

const golden = path.join(packageRoot, 'test/golden');
const manifestFile = path.join(golden, 'small-inception.json');
const arraysFile = path.join(golden, 'small-inception.f32.gz');

/** The dream whose results by the Python reference are committed, for where Python's TensorFlow cannot be had. */
export function goldenRequest(): ReferenceRequest {
  const shape = { width: 56, height: 40, octaves: 3, octaveScale: 1.4, tileSize: 512 };
  return { model: smallModel(), picture: madePicture(shape.width, shape.height), shape, iterations: 5, step: 1.5 };
}

/** What the results hang on; where one changes, they must be made again. */
export interface Ingredients {
  readonly graph: string;
  readonly picture: string;
}

export function ingredientsOf({ model, picture }: ReferenceRequest): Ingredients {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const pixels = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength);
  return { graph: sha256(readFileSync(model.file)), picture: sha256(pixels) };
}

/** Each picture of the path once: what a step leaves is what the next one starts from. */
function storedNames({ shape, iterations }: ReferenceRequest): string[] {
  const names = ['gradient'];
  for (let octave = 0; octave < shape.octaves; octave += 1) {
    for (let iteration = 0; iteration < iterations; iteration += 1) names.push(`before-${octave}-${iteration}`);
    names.push(`octave-${octave}`);
  }
  return names;
}

/** The stored name of what `name` means. */
function storedAs(name: string, { shape, iterations }: ReferenceRequest): string {
  if (name === 'end') return `octave-${shape.octaves - 1}`;
  const [, octave, iteration] = /^after-(\d+)-(\d+)$/.exec(name) ?? [];
  if (octave === undefined) return name;
  const next = Number(iteration) + 1;
  return next === iterations ? `octave-${octave}` : `before-${octave}-${next}`;
}

export function writeGolden(request: ReferenceRequest, { picture, ...manifest }: ReferenceDream): void {
  const arrays = storedNames(request).map(picture);
  const lengths = arrays.map(({ length }) => length);
  const bytes = Buffer.concat(arrays.map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer)));
  writeFileSync(arraysFile, gzipSync(bytes, { level: 9 }));
  const text = JSON.stringify({ ...manifest, ingredients: ingredientsOf(request), lengths }, undefined, 2);
  writeFileSync(manifestFile, `${text}\n`);
}

export interface Golden {
  readonly ingredients: Ingredients;
  readonly dream: ReferenceDream;
}

export function readGolden(request: ReferenceRequest): Golden {
  const { ingredients, lengths, ...manifest } = JSON.parse(readFileSync(manifestFile, 'utf8')) as Omit<
    ReferenceDream,
    'picture'
  > & { ingredients: Ingredients; lengths: number[] };
  const bytes = gunzipSync(readFileSync(arraysFile));
  const pictures = new Map<string, Float32Array>();
  let offset = bytes.byteOffset;
  storedNames(request).forEach((name, index) => {
    const length = lengths[index] ?? 0;
    pictures.set(name, new Float32Array(bytes.buffer.slice(offset, offset + 4 * length) as ArrayBuffer));
    offset += 4 * length;
  });
  const picture = (name: string): Float32Array => {
    const found = pictures.get(storedAs(name, request));
    if (!found) throw new Error(`the golden results have no picture ${name}`);
    return found;
  };
  return { ingredients, dream: { ...manifest, picture } };
}
