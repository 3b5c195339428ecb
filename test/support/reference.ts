import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import packageRoot from '#package-root';
import type { NativePlan } from '../../lib/binding/native.js';
import type { PlanShape } from './engine.js';
import type { TestModel } from './models.js';

const run = promisify(execFile);
const script = path.join(packageRoot, 'tools/reference/deepdream.py');
const normalization = path.join(packageRoot, 'tools/reference/normalization.py');

/** The Python with TensorFlow that tools/reference/setup.mjs made, where it could. */
export const referencePython = path.join(packageRoot, '.cache/reference-python/bin/python');
export const hasReference = existsSync(path.join(packageRoot, '.cache/reference-python/installed.txt'));

interface Manifest {
  readonly objective: number;
  readonly objectives: readonly number[];
  readonly endObjective: number;
  readonly sensitivity: number;
}

export interface ReferenceDream extends Manifest {
  /** `gradient`, `end`, `before-O-I`, `after-O-I`, `octave-O` */
  picture(name: string): Float32Array;
}

export interface ReferenceRequest {
  readonly model: TestModel;
  readonly picture: Float32Array;
  readonly shape: Required<PlanShape>;
  readonly iterations: number;
  readonly step: number;
  /** What else moves the picture; left out, the gradient alone. */
  readonly update?: Pick<NativePlan, 'normalize' | 'sigma' | 'keepRange'> & Partial<Pick<NativePlan, 'chroma'>>;
}

export async function readFloats(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function pictureNames(octaves: number, iterations: number): Promise<string[]> {
  const names = ['gradient', 'end'];
  for (let octave = 0; octave < octaves; octave += 1) {
    names.push(`octave-${octave}`);
    for (let i = 0; i < iterations; i += 1) names.push(`before-${octave}-${i}`, `after-${octave}-${i}`);
  }
  return names;
}

async function compute(request: ReferenceRequest, folder: string): Promise<void> {
  const { model, picture, shape, iterations, step, update } = request;
  const temporary = `${folder}.${process.pid}`;
  await mkdir(temporary, { recursive: true });
  const pictureFile = path.join(temporary, 'picture.f32');
  await writeFile(pictureFile, new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength));
  const { layer, kind, channels } = model.objective;
  const asked = {
    ...{ model: model.file, picture: pictureFile, path: true, ...model.spec, ...shape, iterations, step, layer },
    channels: kind === 'layer' ? null : channels,
    ...update,
  };
  const requestFile = path.join(temporary, 'request.json');
  await writeFile(requestFile, JSON.stringify(asked));
  await run(referencePython, [script, requestFile, temporary], { maxBuffer: 2 ** 24 });
  await rename(temporary, folder);
}

/** What the Python reference makes of the request; computed once for the same script, model and values. */
export async function referenceDream(request: ReferenceRequest): Promise<ReferenceDream> {
  const hash = createHash('sha256')
    .update(await readFile(script))
    .update(await readFile(normalization))
    .update(await readFile(request.model.file));
  hash.update(
    JSON.stringify([
      ...[request.model.spec, request.model.objective, request.shape, request.iterations, request.step],
      request.update,
    ]),
  );
  hash.update(new Uint8Array(request.picture.buffer, request.picture.byteOffset, request.picture.byteLength));
  const folder = path.join(packageRoot, '.cache/reference', hash.digest('hex').slice(0, 32));
  if (!existsSync(path.join(folder, 'manifest.json'))) {
    await mkdir(path.dirname(folder), { recursive: true });
    await compute(request, folder);
  }
  return readReference(folder, request.shape.octaves, request.iterations);
}

export async function readReference(folder: string, octaves: number, iterations: number): Promise<ReferenceDream> {
  const manifest = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const pictures = new Map<string, Float32Array>();
  for (const name of await pictureNames(octaves, iterations)) {
    pictures.set(name, await readFloats(path.join(folder, `${name}.f32`)));
  }
  const picture = (name: string): Float32Array => {
    const found = pictures.get(name);
    if (!found) throw new Error(`the reference has no picture ${name}`);
    return found;
  };
  return { ...manifest, picture };
}
