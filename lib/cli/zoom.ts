import path from 'node:path';
import type { Command } from 'commander';
import { outputPath } from '../dream.js';
import { optionRangeError } from '../errors.js';
import { picturePath } from '../image/path.js';
import { checkWritableFile } from '../image/write.js';
import { inJson } from '../json.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import { VIDEO_DREAM_OPTIONS } from '../options/video-options.js';
import { MOTION_OPTIONS, type Motion, type ResolvedZoomOptions, ZOOM_OPTIONS } from '../options/zoom-options.js';
import type { Recipe } from '../recipe/fields.js';
import { packageVersion } from '../version.js';
import { storeFolder, unfinishedFilm } from '../video/store.js';
import { feedback } from '../video/zoom/feedback.js';
import { openPhotograph, openStillJob } from '../video/zoom/job.js';
import type { Pixels } from '../video/zoom/pixels.js';
import { openSchedule, Schedule, type ScheduleEntry } from '../video/zoom/schedule.js';
import { makeFilm, manifestOfNetwork } from './film-run.js';
import { addFlags, readFlags } from './flags.js';
import { addModelFlags, type ModelFlags } from './model-flags.js';
import { addObjectiveFlags, type ObjectiveFlags } from './objective-flags.js';
import { showProgress } from './progress.js';
import { addRecipeFlag, FILMS, type RecipeFlag, readRecipeFlag, withModel } from './recipe-flag.js';
import { interruptSignal } from './report.js';
import { refuseSameFiles } from './same-file.js';
import { STANDARD } from './standard-streams.js';
import { checkSteeringFiles, filesBeside } from './steering-files.js';
import { type AskedStill, addStepFlags, checkDreams, readStillFlags } from './still-flags.js';
import { hashesOf } from './video-run.js';

interface Flags extends ModelFlags, ObjectiveFlags, RecipeFlag {
  readonly output?: string;
  readonly json?: boolean;
}

interface Asked extends AskedStill {
  readonly zoom: ResolvedZoomOptions;
  readonly entries: readonly ScheduleEntry[];
}

async function readAsked(flags: Flags, recipe: Recipe): Promise<Asked> {
  const zoom = readOptions(ZOOM_OPTIONS, readFlags({ ...flags }, ZOOM_OPTIONS));
  const still = readStillFlags(flags, recipe);
  const entries = zoom.schedule === undefined ? [] : await openSchedule(zoom.schedule);
  return { ...still, zoom, entries };
}

function motionOf(zoom: ResolvedZoomOptions): Motion {
  const motion = Object.keys(MOTION_OPTIONS).map((name) => [name, zoom[name as keyof Motion]]);
  return Object.fromEntries(motion) as unknown as Motion;
}

async function outputFor(picture: string, flags: Flags, { zoom, dream }: Asked): Promise<string> {
  const { dir, name } = path.parse(picture);
  const output = outputPath(flags.output ?? path.join(dir, `${name}-zoom.mp4`));
  if (output === STANDARD) throw optionRangeError('output', 'a film', output);
  const { schedule } = zoom;
  const others = [...(schedule === undefined ? [] : [schedule]), ...filesBeside({ ...dream }, flags)];
  await refuseSameFiles([picture, ...others], [output]);
  await checkWritableFile(output);
  return output;
}

async function run(given: string, said: Flags): Promise<void> {
  const recipe = await readRecipeFlag(said, FILMS);
  const flags = withModel(said, recipe);
  const asked = await readAsked(flags, recipe);
  const { zoom, dream, longestSide, seed, load, entries } = asked;
  const picture = picturePath(given);
  const output = await outputFor(picture, flags, asked);
  await checkSteeringFiles({ ...dream });
  const signal = interruptSignal();
  const photograph: Pixels = await openPhotograph(picture, longestSide);
  const store = storeFolder(output);
  const film = { file: output, temporary: unfinishedFilm(store, path.extname(output)) };
  const { rate, resume } = zoom;
  const schedule = new Schedule(motionOf(zoom), dream, entries);
  const progress = showProgress();
  try {
    await makeFilm({
      ...{ output, store, load, resume, json: flags.json === true, yes: flags.yes, signal, progress },
      ...{ coherent: true, facts: {} },
      open: () => openStillJob(photograph, { ...film, ...zoom, signal }),
      check: (dreamer) => checkDreams(dreamer, photograph, schedule.dreams),
      manifest: async (dreamer) => ({
        livedream: packageVersion(),
        source: await hashesOf([picture], signal),
        ...{ size: longestSide, rate, motion: motionOf(zoom), schedule: entries, dream: inJson(dream) },
        ...manifestOfNetwork(dreamer, load),
      }),
      frames: (dreamer, onDream) =>
        feedback(
          { photograph, schedule, rate, seed, keep: 1, before: 0, overlap: 0, frames: 0, signal },
          (one, options) => dreamer.dream(one, options),
          onDream,
        ),
    });
  } finally {
    progress.stop();
  }
}

export function registerZoom(program: Command): void {
  const command = program
    .command('zoom')
    .description(
      'an endless film into a picture: each frame is dreamed on the one before, enlarged and turned a little',
    )
    .argument('<picture>', 'PNG, JPEG, WebP, AVIF, GIF or TIFF')
    .option('-o, --output <file>', 'the film to write (default: NAME-zoom.mp4 beside the picture)');
  addObjectiveFlags(command);
  addModelFlags(command);
  addRecipeFlag(command, false);
  addFlags(command, ZOOM_OPTIONS);
  addStepFlags(command, VIDEO_DREAM_OPTIONS);
  addFlags(command, LOAD_OPTIONS);
  command.option('--json', 'print a line of JSON about the film instead of its file name').action(run);
}
