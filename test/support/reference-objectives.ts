import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import packageRoot from '#package-root';
import type { NativeGradient, NativeModelSpec, NativeTerm } from '../../lib/binding/native.js';
import type { Size } from '../../lib/size.js';
import { meanDifference, meanMagnitude } from './pictures.js';
import { readFloats, referencePython } from './reference.js';

const run = promisify(execFile);
const script = path.join(packageRoot, 'tools/reference/objectives.py');

export interface Floats extends Size {
  readonly data: Float32Array;
}

export interface ObjectivesRequest {
  /** A placeholder `input`. */
  readonly graph: Uint8Array;
  readonly spec: Pick<NativeModelSpec, 'channelOrder' | 'mean' | 'scale'>;
  readonly picture: Floats;
  readonly guide: Floats;
  /** Of one channel, 0..1. */
  readonly regions?: readonly Floats[];
  readonly objectives: readonly (readonly NativeTerm[])[];
}

export interface ReferenceObjective {
  readonly objective: number;
  readonly gradient: Float32Array;
}

/** Within 1e-4, as every kind of term must be. */
export function expectAgreement(found: NativeGradient, reference: ReferenceObjective): void {
  expect(meanMagnitude(reference.gradient)).toBeGreaterThan(0);
  const apart = meanDifference(found.data, reference.gradient) / meanMagnitude(reference.gradient);
  expect(apart).toBeLessThan(1e-4);
  expect(Math.abs(found.objective - reference.objective)).toBeLessThan(1e-4 * Math.abs(reference.objective) + 1e-7);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function asked({ spec, picture, guide, regions = [], objectives }: ObjectivesRequest): string {
  const sized = (file: string, { width, height }: Size): object => ({ file, width, height });
  return JSON.stringify({
    ...{ graph: 'graph.pb', ...spec, picture: sized('picture.f32', picture), guide: sized('guide.f32', guide) },
    regions: regions.map((region, index) => sized(`region${index}.f32`, region)),
    objectives: objectives.map((terms) => terms.map(({ guide: _features, ...term }) => ({ balanced: false, ...term }))),
  });
}

/** All gradients by one Python process; computed once for the same script, graph, pictures and objectives. */
export async function referenceObjectives(request: ObjectivesRequest): Promise<ReferenceObjective[]> {
  const text = asked(request);
  const { graph, picture, guide, regions = [] } = request;
  const hash = createHash('sha256')
    .update(await readFile(script))
    .update(text)
    .update(graph);
  for (const { data } of [picture, guide, ...regions]) hash.update(bytesOf(data));
  const folder = path.join(packageRoot, '.cache/reference', `objectives-${hash.digest('hex').slice(0, 32)}`);
  if (!existsSync(path.join(folder, 'manifest.json'))) {
    const temporary = `${folder}.${process.pid}`;
    await mkdir(temporary, { recursive: true });
    await writeFile(path.join(temporary, 'graph.pb'), graph);
    await writeFile(path.join(temporary, 'picture.f32'), bytesOf(picture.data));
    await writeFile(path.join(temporary, 'guide.f32'), bytesOf(guide.data));
    for (const [index, { data }] of regions.entries())
      await writeFile(path.join(temporary, `region${index}.f32`), bytesOf(data));
    const file = path.join(temporary, 'request.json');
    await writeFile(file, text);
    await run(referencePython, [script, file, temporary], { maxBuffer: 2 ** 24 });
    await rename(temporary, folder);
  }
  const manifest = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as { objective: number }[];
  return Promise.all(
    manifest.map(async ({ objective }, i) => ({
      objective,
      gradient: await readFloats(path.join(folder, `${i}.f32`)),
    })),
  );
}
