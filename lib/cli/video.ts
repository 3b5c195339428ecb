import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { outputPath } from '../dream.js';
import { optionRangeError } from '../errors.js';
import { localPath } from '../file-url.js';
import { checkWritableFile } from '../image/write.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { PRESET_OPTIONS } from '../options/preset.js';
import { VIDEO_DREAM_OPTIONS, VIDEO_OPTIONS, VIDEO_STREAM_OPTIONS } from '../options/video-options.js';
import { type FramesInput, findFrames } from '../video/find-frames.js';
import { numberedNames, ownNames } from '../video/pictures.js';
import { unreadableFilm } from '../video/probe.js';
import { inFolder } from './batch.js';
import { addFlags } from './flags.js';
import { addModelFlags } from './model-flags.js';
import { addObjectiveFlags } from './objective-flags.js';
import { showProgress } from './progress.js';
import { addRecipeFlag, FILMS, readRecipeFlag, withModel } from './recipe-flag.js';
import { interruptSignal } from './report.js';
import { refuseSameFiles } from './same-file.js';
import { STANDARD } from './standard-streams.js';
import { checkSteeringFiles, filesBeside } from './steering-files.js';
import { readVideoFlags, type VideoFlags } from './video-flags.js';
import { dreamVideo, type VideoTarget } from './video-run.js';

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

/** Where the dreams go. Throws a RangeError where something would be lost. */
async function targetOf(input: FramesInput, flags: VideoFlags, dream: object): Promise<VideoTarget> {
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

function inputPath(given: string): string {
  return localPath(given, {
    instead: 'fetch it first',
    refuse: (place, why, cause) => unreadableFilm(place, why, cause),
  });
}

async function run(given: readonly string[], said: VideoFlags): Promise<void> {
  const recipe = await readRecipeFlag(said, FILMS);
  const flags = withModel(said, recipe);
  const asked = readVideoFlags(flags, recipe);
  const input = await findFrames(given.map(inputPath));
  const target = await targetOf(input, flags, asked.dream);
  await checkSteeringFiles({ ...asked.dream });
  const signal = interruptSignal();
  const progress = showProgress();
  try {
    await inFolder(target.kind === 'pictures' ? target.output : undefined, () =>
      dreamVideo({ asked, input, target, flags, signal, progress }),
    );
  } finally {
    progress.stop();
  }
}

export function registerVideo(program: Command): void {
  const command = program
    .command('video')
    .description('dream of a film, or of a folder of pictures, frame by frame')
    .argument(
      '<film...>',
      "a film that ffmpeg reads, a folder of pictures, a pattern such as 'frames/*.png', or pictures",
    )
    .option(
      '-o, --output <file>',
      'the film to write, or a folder for its frames (made where its name ends with /); default: NAME-dream.mp4 beside the film',
    );
  addObjectiveFlags(command);
  addModelFlags(command);
  addRecipeFlag(command, false);
  command.addHelpText(
    'after',
    `\nA model or a filter may have better values than these defaults for ${Object.keys(PRESET_OPTIONS).join(', ')}.`,
  );
  addFlags(command, VIDEO_OPTIONS);
  addFlags(command, VIDEO_STREAM_OPTIONS);
  addFlags(command, VIDEO_DREAM_OPTIONS);
  addFlags(command, LOAD_OPTIONS);
  command.option('--json', 'print a line of JSON about the film instead of its file name').action(run);
}
