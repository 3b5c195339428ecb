import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Dreamer } from '../../../../lib/dreamer.js';
import { findFrames } from '../../../../lib/video/find-frames.js';
import { ownNames } from '../../../../lib/video/pictures.js';
import type { SegmentRequest } from '../../../../lib/video/segments/film-plan.js';
import { livedreamIn } from '../../../support/cli.js';
import { ffmpeg, tone } from '../../../support/films.js';
import { SAMPLE } from '../../../support/pictures.js';
import { inSegments, type Made, QUICK_FLAGS } from './in-segments.js';

const SIZE = '96:64';

/** One scene, a pan over a photograph, with a tone where a sound's codec is said. */
export function pan(file: string, frames: number, output: readonly string[], filter = 'null'): string {
  const still = ['-loop', '1', '-framerate', '25', '-i', SAMPLE];
  const sound = output.includes('-c:a') ? tone(330, frames / 25) : [];
  const chain = `scale=300:200,crop=${SIZE}:x=20+2*n:y=30+n,${filter},trim=end_frame=${frames}`;
  ffmpeg(...still, ...sound, '-vf', chain, ...output, file);
  return file;
}

export interface Compared {
  readonly dreamer: Dreamer;
  readonly cwd: string;
  /** For the command line, and the same in a request. */
  readonly flags?: readonly string[];
  readonly request?: Partial<SegmentRequest>;
  readonly most: number;
  readonly least?: number;
}

async function single(cwd: string, input: string, output: string, flags: readonly string[] = []): Promise<void> {
  const { code, stderr } = await livedreamIn({ cwd }, 'video', input, '-o', output, ...QUICK_FLAGS, ...flags);
  expect(code, stderr).toBe(0);
}

/** Dreams of it in one run and in segments, and has the films be the same. */
export async function sameFilm(input: string, output: string, given: Compared): Promise<Made> {
  const { dreamer, cwd, flags, request = {}, most, least = 1 } = given;
  const at = (name: string): string => path.join(cwd, name);
  await single(cwd, input, output, flags);
  const extension = path.extname(output);
  const made = await inSegments({
    ...{ dreamer, input: await findFrames([input]), folder: at(`${output}.segments`), most, least },
    request: { output: { kind: 'film', extension }, ...request },
    output: { kind: 'film', file: at(`joined-${output}`), temporary: at(`joined-${output}.temporary${extension}`) },
  });
  expect((await readFile(at(`joined-${output}`))).equals(await readFile(at(output)))).toBe(true);
  return made;
}

/** The same of pictures that become pictures, of names that `namesIn` gives for a folder. */
export async function samePictures(
  input: string,
  given: Compared,
  namesIn?: (folder: string) => (place: number) => string,
): Promise<Made> {
  const { dreamer, cwd, flags, request = {}, most, least = 1 } = given;
  const frames = await findFrames([input]);
  const names = namesIn ?? ((folder: string) => ownNames(folder, frames.kind === 'pictures' ? frames.files : []));
  const folder = `${input}-out`;
  const joined = `${input}-joined`;
  await single(cwd, input, `${folder}/`, flags);
  await mkdir(joined);
  const made = await inSegments({
    ...{ dreamer, input: frames, folder: `${input}-segments`, most, least },
    request: { output: { kind: 'pictures' }, ...request },
    output: { kind: 'pictures', nameOf: names(joined) },
  });
  const { frames: count } = made.joined;
  for (let place = 0; place < count; place += 1)
    expect((await readFile(names(joined)(place))).equals(await readFile(names(folder)(place)))).toBe(true);
  return made;
}
