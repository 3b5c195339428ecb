import type { Command } from 'commander';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { PRESET_OPTIONS } from '../options/preset.js';
import { VIDEO_DREAM_OPTIONS, VIDEO_OPTIONS, VIDEO_STREAM_OPTIONS } from '../options/video-options.js';
import { findFrames } from '../video/find-frames.js';
import { inFolder } from './batch.js';
import { addFlags } from './flags.js';
import { addModelFlags } from './model-flags.js';
import { addObjectiveFlags } from './objective-flags.js';
import { showProgress } from './progress.js';
import { addRecipeFlag, FILMS, readRecipeFlag, withModel } from './recipe-flag.js';
import { interruptSignal } from './report.js';
import { checkSteeringFiles } from './steering-files.js';
import { readVideoFlags, type VideoFlags } from './video-flags.js';
import { dreamVideo } from './video-run.js';
import { inputPath, targetOf } from './video-target.js';

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
