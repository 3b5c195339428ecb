import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import packageRoot from '#package-root';
import type { Size } from '../../lib/size.js';
import { readFloats, referencePython } from './reference.js';

const run = promisify(execFile);
const script = path.join(packageRoot, 'tools/reference/picture_terms.py');

export interface PictureTerms {
  /** Gradients by the picture. */
  readonly variation: Float32Array;
  readonly distance: Float32Array;
}

/** What TensorFlow Python makes of a picture's own costs. */
export async function referencePictureTerms(
  picture: Float32Array,
  source: Float32Array,
  request: Size & { readonly wraps: boolean },
): Promise<PictureTerms> {
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-terms-'));
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
    new Uint8Array(buffer, byteOffset, byteLength);
  await writeFile(path.join(folder, 'request.json'), JSON.stringify(request));
  await writeFile(path.join(folder, 'picture.f32'), bytes(picture));
  await writeFile(path.join(folder, 'source.f32'), bytes(source));
  await run(referencePython, [script, folder]);
  const [variation, distance] = await Promise.all(
    ['variation.f32', 'distance.f32'].map((name) => readFloats(path.join(folder, name))),
  );
  await rm(folder, { recursive: true });
  return { variation: variation as Float32Array, distance: distance as Float32Array };
}
