import { stat } from 'node:fs/promises';
import path from 'node:path';
import { outputPath } from '../dream.js';
import { optionRangeError } from '../errors.js';
import { localPath } from '../file-url.js';
import { checkWritableFile } from '../image/write.js';
import type { FramesInput } from '../video/find-frames.js';
import { numberedNames, ownNames } from '../video/pictures.js';
import { unreadableFilm } from '../video/probe.js';
import type { RecipeFlag } from './recipe-flag.js';
import { refuseSameFiles } from './same-file.js';
import { STANDARD } from './standard-streams.js';
import { filesBeside } from './steering-files.js';

interface TargetFlags extends RecipeFlag {
  readonly output?: string;
  readonly model?: string;
}

async function isFolder(output: string): Promise<boolean> {
  if (output.endsWith('/') || output.endsWith(path.sep)) return true;
  return (await stat(output).catch(() => undefined))?.isDirectory() ?? false;
}

/** NAME-dream.mp4 beside a film; pictures have no name of their own. */
function defaultOutput(input: FramesInput): string {
  if (input.kind === 'pictures')
    throw optionRangeError('output', 'a folder for the dreamed pictures, or a film that they become', undefined);
  const { dir, name } = path.parse(input.file);
  return path.join(dir, `${name}-dream.mp4`);
}

/** Where the dreams go, and what is read. */
export type VideoTarget = { readonly output: string; readonly inputs: readonly string[] } & (
  | { readonly kind: 'film' }
  | { readonly kind: 'pictures'; readonly nameOf: (place: number) => string }
);

/** Where the dreams go. Throws a RangeError where something would be lost. */
export async function targetOf(input: FramesInput, flags: TargetFlags, dream: object): Promise<VideoTarget> {
  if (flags.output === '' || flags.output === STANDARD)
    throw optionRangeError('output', 'a film, or a folder for its frames', flags.output);
  const output = outputPath(flags.output ?? defaultOutput(input));
  const inputs = input.kind === 'film' ? [input.file] : input.files;
  const read = [...inputs, ...filesBeside({ ...dream }, flags)];
  if (!(await isFolder(output))) {
    await refuseSameFiles(read, [output]);
    await checkWritableFile(output);
    return { kind: 'film', output, inputs };
  }
  const nameOf = input.kind === 'film' ? numberedNames(output) : ownNames(output, input.files);
  if (input.kind === 'pictures')
    await refuseSameFiles(
      read,
      input.files.map((_file, place) => nameOf(place)),
    );
  return { kind: 'pictures', output, inputs, nameOf };
}

/** The path of what may be given as a URL. */
export function inputPath(given: string): string {
  return localPath(given, {
    instead: 'fetch it first',
    refuse: (place, why, cause) => unreadableFilm(place, why, cause),
  });
}
