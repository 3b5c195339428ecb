import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { Farm, type FarmFilm, type ShownProgress } from '../farm/index.js';
import { DEFAULT_FORMAT } from '../formats.js';
import {
  FARM_OPTIONS,
  type FarmPlace,
  FILM_JOB_OPTIONS,
  JOB_OPTIONS,
  type JobOptions,
} from '../options/farm-options.js';
import { readOptions } from '../options/read.js';
import { VIDEO_DREAM_OPTIONS, VIDEO_OPTIONS, VIDEO_STREAM_OPTIONS } from '../options/video-options.js';
import { findFrames } from '../video/find-frames.js';
import { inFolder, warn } from './batch.js';
import { tellWorkers } from './farm-notices.js';
import { addFlags, readFlags } from './flags.js';
import { toJson } from './json.js';
import { addObjectiveFlags } from './objective-flags.js';
import { type Progress, showProgress } from './progress.js';
import { addRecipeFlag, FILMS, readRecipeFlag, withModel } from './recipe-flag.js';
import { interruptSignal } from './report.js';
import { checkSteeringFiles } from './steering-files.js';
import { readVideoFlags, type VideoFlags } from './video-flags.js';
import { inputPath, targetOf, type VideoTarget } from './video-target.js';

const PHASES: Readonly<Record<ShownProgress['phase'], string>> = {
  planning: 'looking for scenes',
  dreaming: 'dreaming',
  joining: 'writing the film',
};

function show(progress: Progress): (shown: ShownProgress) => void {
  return ({ phase, fraction, frames, of }) =>
    progress.update(fraction, `${PHASES[phase]}: frame ${frames}${of === undefined ? '' : ` of ${of}`}`);
}

/** Brings it here; whoever looks sees the old film or the new one. */
async function fetchTo(film: FarmFilm, target: VideoTarget, signal: AbortSignal): Promise<void> {
  if (target.kind === 'pictures') return film.fetch(target.nameOf, signal);
  const { dir, ext } = path.parse(target.output);
  const temporary = path.join(dir, `.livedream-${randomUUID()}${ext}`);
  try {
    await film.fetch(() => temporary, signal);
    await rename(temporary, target.output);
  } finally {
    await rm(temporary, { force: true });
  }
}

function report(film: FarmFilm, { output }: VideoTarget, json: boolean, progress: Progress): void {
  const { results: _results, fetch: _fetch, notes, warnings, machines, ...facts } = film;
  for (const note of [...notes, ...warnings]) warn(note, progress);
  if (machines.length > 1)
    warn(`${machines.length} kinds of machines dreamed of it: one alone would have given other bytes`, progress);
  progress.result(json ? toJson({ file: output, ...facts, machines, notes }) : output);
}

async function run(given: readonly string[], said: VideoFlags): Promise<void> {
  const recipe = await readRecipeFlag(said, FILMS);
  const flags = withModel(said, recipe);
  const values = { ...flags };
  const { video, stream, dream, longestSide } = readVideoFlags(flags, recipe);
  const place = readFlags(values, FARM_OPTIONS) as FarmPlace;
  const job = readFlags(values, JOB_OPTIONS) as JobOptions;
  readOptions(FARM_OPTIONS, place);
  readOptions(JOB_OPTIONS, job);
  const { segment } = readOptions(FILM_JOB_OPTIONS, readFlags(values, FILM_JOB_OPTIONS));
  const input = await findFrames(given.map(inputPath));
  const target = await targetOf(input, flags, dream);
  await checkSteeringFiles({ ...dream });
  const signal = interruptSignal();
  const progress = showProgress();
  const { start, duration, codec, quality, rate } = video;
  const extension = target.kind === 'film' ? path.extname(target.output).toLowerCase() : `.${DEFAULT_FORMAT}`;
  try {
    await using farm = await Farm.open(place);
    await inFolder(target.kind === 'pictures' ? target.output : undefined, async () => {
      await tellWorkers(farm, progress);
      progress.phase('putting the film into the store');
      const film = await farm.film(
        {
          ...{ input, start, duration, longestSide, codec, quality, rate, stream, dream, segment },
          output: { kind: target.kind, extension },
        },
        {
          job,
          signal,
          onProgress: show(progress),
          ...(flags.model === undefined ? {} : { needs: { model: flags.model } }),
        },
      );
      progress.phase('fetching it');
      await fetchTo(film, target, signal);
      report(film, target, flags.json === true, progress);
    });
  } finally {
    progress.stop();
  }
}

export function registerFarmVideo(farm: Command): void {
  const command = farm
    .command('video')
    .description('have a film, or a folder of pictures, dreamed by the workers, cut at its scenes')
    .argument(
      '<film...>',
      "a film that ffmpeg reads, a folder of pictures, a pattern such as 'frames/*.png', or pictures",
    )
    .option(
      '-o, --output <file>',
      'the film to write, or a folder for its frames; default: NAME-dream.mp4 beside the film',
    )
    .option('--model <name>', "the model that workers must have (default: the package's own)");
  addFlags(command, FARM_OPTIONS);
  addFlags(command, JOB_OPTIONS);
  addFlags(command, FILM_JOB_OPTIONS);
  addObjectiveFlags(command);
  addRecipeFlag(command, false);
  const { resume: _resume, ...options } = VIDEO_OPTIONS;
  addFlags(command, options);
  addFlags(command, VIDEO_STREAM_OPTIONS);
  addFlags(command, VIDEO_DREAM_OPTIONS);
  command.option('--json', 'print a line of JSON about the film instead of its file name').action(run);
}
