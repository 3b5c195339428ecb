import path from 'node:path';
import type { Command } from 'commander';
import { outputPath } from '../dream.js';
import { optionRangeError, optionTypeError } from '../errors.js';
import { picturePath } from '../image/path.js';
import { checkWritableFile } from '../image/write.js';
import { inJson } from '../json.js';
import { modelPath } from '../model/source.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { MORPH_OPTIONS, type ResolvedMorphOptions } from '../options/morph-options.js';
import { readOptions } from '../options/read.js';
import { VIDEO_DREAM_OPTIONS } from '../options/video-options.js';
import { packageVersion } from '../version.js';
import { storeFolder, unfinishedFilm } from '../video/store.js';
import { feedback } from '../video/zoom/feedback.js';
import { framesOf, openPhotograph, openStillJob } from '../video/zoom/job.js';
import { morphSchedule } from '../video/zoom/morph.js';
import { makeFilm, manifestOfNetwork } from './film-run.js';
import { addFlags, readFlags } from './flags.js';
import { addModelFlags, type ModelFlags } from './model-flags.js';
import { showProgress } from './progress.js';
import { addRecipeFlag, MORPHS, type RecipeFlag, readRecipeFlag, withModel } from './recipe-flag.js';
import { interruptSignal } from './report.js';
import { refuseSameFiles } from './same-file.js';
import { STANDARD } from './standard-streams.js';
import { addStepFlags, checkDreams, readStillFlags } from './still-flags.js';
import { hashesOf } from './video-run.js';

interface Flags extends ModelFlags, RecipeFlag {
  readonly output?: string;
  readonly json?: boolean;
}

/** As many frames as the dream needs to come to rest: what is kept of its first is then a hundredth. */
function framesBefore(keep: number): number {
  return keep === 0 ? 1 : Math.ceil(Math.log(0.01) / Math.log(keep));
}

/** At most a second, and a quarter of the film. */
function overlapOf({ seamless, rate, duration, keep }: ResolvedMorphOptions): number {
  return seamless ? Math.floor(Math.min(rate, (rate * duration) / 4, framesBefore(keep) - 1)) : 0;
}

function filtersOf({ filters }: ResolvedMorphOptions): string[] {
  if (filters === undefined) throw optionTypeError('filters', "names of filters, as 'owl,caves,reef'", filters);
  return filters.split(',').map((name) => name.trim());
}

async function outputFor(picture: string, flags: Flags): Promise<string> {
  const { dir, name } = path.parse(picture);
  const output = outputPath(flags.output ?? path.join(dir, `${name}-morph.mp4`));
  if (output === STANDARD) throw optionRangeError('output', 'a film', output);
  const { model, recipe } = flags;
  const others = [model && modelPath(model), recipe].filter((each) => each !== undefined);
  await refuseSameFiles([picture, ...others], [output]);
  await checkWritableFile(output);
  return output;
}

async function run(given: string, said: Flags): Promise<void> {
  const recipe = await readRecipeFlag(said, MORPHS);
  const flags = withModel(said, recipe);
  const morph = readOptions(MORPH_OPTIONS, readFlags({ ...flags }, MORPH_OPTIONS));
  const { dream, longestSide, seed, load } = readStillFlags(flags, recipe);
  const { duration, rate, fade, seamless, keep, palette, resume } = morph;
  const filters = filtersOf(morph);
  const schedule = morphSchedule({ filters, duration, fade, seamless, palette, dream });
  const picture = picturePath(given);
  const output = await outputFor(picture, flags);
  const signal = interruptSignal();
  const photograph = await openPhotograph(picture, longestSide);
  const store = storeFolder(output);
  const film = { file: output, temporary: unfinishedFilm(store, path.extname(output)) };
  const progress = showProgress();
  try {
    await makeFilm({
      ...{ output, store, load, resume, json: flags.json === true, yes: flags.yes, signal, progress },
      ...{ coherent: true, facts: { filters } },
      open: () => openStillJob(photograph, { ...film, ...morph, signal }),
      check: (dreamer) => checkDreams(dreamer, photograph, schedule.dreams),
      manifest: async (dreamer) => ({
        livedream: packageVersion(),
        source: await hashesOf([picture], signal),
        ...{ size: longestSide, filters, duration, rate, fade, seamless, keep, palette, dream: inJson(dream) },
        ...manifestOfNetwork(dreamer, load),
      }),
      frames: (dreamer, onDream) =>
        feedback(
          {
            ...{ photograph, schedule, rate, seed, keep, signal },
            ...{ before: framesBefore(keep), overlap: overlapOf(morph), frames: framesOf(rate, duration) },
          },
          (one, options) => dreamer.dream(one, options),
          onDream,
        ),
    });
  } finally {
    progress.stop();
  }
}

export function registerMorph(program: Command): void {
  const command = program
    .command('morph')
    .description('one picture as a film that is dreamed by several filters, one fading into the next')
    .argument('<picture>', 'PNG, JPEG, WebP, AVIF, GIF or TIFF')
    .option('-o, --output <file>', 'the film, a .gif or a .webp (default: NAME-morph.mp4 beside the picture)');
  addModelFlags(command);
  addRecipeFlag(command, false);
  addFlags(command, MORPH_OPTIONS);
  addStepFlags(command, VIDEO_DREAM_OPTIONS);
  addFlags(command, LOAD_OPTIONS);
  command.option('--json', 'print a line of JSON about the film instead of its file name').action(run);
}
