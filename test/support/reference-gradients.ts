import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import packageRoot from '#package-root';
import type { NativeModelSpec } from '../../lib/binding/native.js';
import { readFloats, referencePython } from './reference.js';

const run = promisify(execFile);
const script = path.join(packageRoot, 'tools/reference/gradients.py');

export interface GradientRequest {
  /** A placeholder `input`, a layer `out`. */
  readonly graph: Uint8Array;
  readonly picture: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** `error` where TensorFlow Python has no gradient either. */
export type ReferenceGradient =
  | { readonly objective: number; readonly gradient: Float32Array }
  | { readonly error: string };

type Spec = Pick<NativeModelSpec, 'channelOrder' | 'mean' | 'scale'>;

async function compute(spec: Spec, requests: readonly GradientRequest[], folder: string): Promise<void> {
  const temporary = `${folder}.${process.pid}`;
  await mkdir(temporary, { recursive: true });
  const graphs = requests.map(({ width, height }, i) => ({ graph: `${i}.pb`, picture: `${i}.in.f32`, width, height }));
  for (const [i, { graph, picture }] of requests.entries()) {
    await writeFile(path.join(temporary, `${i}.pb`), graph);
    await writeFile(
      path.join(temporary, `${i}.in.f32`),
      new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength),
    );
  }
  const requestFile = path.join(temporary, 'request.json');
  await writeFile(requestFile, JSON.stringify({ ...spec, graphs }));
  await run(referencePython, [script, requestFile, temporary], { maxBuffer: 2 ** 24 });
  await rename(temporary, folder);
}

/** All gradients by one Python process; computed once for the same script, graphs and pictures. */
export async function referenceGradients(
  spec: Spec,
  requests: readonly GradientRequest[],
): Promise<ReferenceGradient[]> {
  const hash = createHash('sha256').update(await readFile(script));
  hash.update(
    JSON.stringify([spec.channelOrder, spec.mean, spec.scale, requests.map(({ width, height }) => [width, height])]),
  );
  for (const { graph, picture } of requests) {
    hash.update(graph).update(new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength));
  }
  const folder = path.join(packageRoot, '.cache/reference', `gradients-${hash.digest('hex').slice(0, 32)}`);
  if (!existsSync(path.join(folder, 'manifest.json'))) await compute(spec, requests, folder);
  const manifest = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as (
    | { readonly objective: number }
    | { readonly error: string }
  )[];
  return Promise.all(
    manifest.map(async (entry, i) =>
      'error' in entry ? entry : { ...entry, gradient: await readFloats(path.join(folder, `${i}.f32`)) },
    ),
  );
}
