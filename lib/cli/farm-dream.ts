import type { Command } from 'commander';
import { outputPath } from '../dream.js';
import { Farm, type FarmDream } from '../farm/index.js';
import { encodingFor } from '../image/encode.js';
import { writeWhole } from '../image/write.js';
import { DREAM_OPTIONS } from '../options/dream-options.js';
import { FILE_OPTIONS } from '../options/encode-options.js';
import { FARM_OPTIONS, type FarmPlace, JOB_OPTIONS, type JobOptions } from '../options/farm-options.js';
import { readOptions } from '../options/read.js';
import { findFrames } from '../video/find-frames.js';
import { type DreamFlags, readDreamFlags } from './asked-dream.js';
import { attempt, inFolder, shownName } from './batch.js';
import { tellWorkers } from './farm-notices.js';
import { addFlags, readFlags } from './flags.js';
import { toJson } from './json.js';
import { addMaskFlags } from './mask-flags.js';
import { addObjectiveFlags } from './objective-flags.js';
import { planOutputs } from './outputs.js';
import { type Progress, showProgress } from './progress.js';
import { addRecipeFlag, PICTURES, type RecipeFlag, readRecipeFlag, withModel } from './recipe-flag.js';
import { interruptSignal } from './report.js';
import { refuseSameFiles } from './same-file.js';
import { checkSteeringFiles, filesBeside } from './steering-files.js';

interface Flags extends DreamFlags, RecipeFlag {
  readonly model?: string;
  readonly json?: boolean;
}

/** Files as they are named, and the pictures of folders. */
async function picturesOf(given: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    given.map(async (each) => {
      const frames = await findFrames([each]);
      return frames.kind === 'pictures' ? frames.files : [frames.file];
    }),
  );
  return found.flat();
}

async function write(
  file: string,
  { picture, worker, ...done }: FarmDream,
  json: boolean,
  progress: Progress,
): Promise<void> {
  await writeWhole(file, picture);
  progress.result(json ? toJson({ file, worker, machine: done.machine, ...done.dream }) : file);
}

async function run(given: readonly string[], said: Flags): Promise<void> {
  const recipe = await readRecipeFlag(said, PICTURES);
  const flags = withModel(said, recipe);
  const values = { ...flags };
  const { options, file } = readDreamFlags(flags, recipe);
  const place = readFlags(values, FARM_OPTIONS) as FarmPlace;
  const job = readFlags(values, JOB_OPTIONS) as JobOptions;
  readOptions(FARM_OPTIONS, place);
  readOptions(JOB_OPTIONS, job);
  const pictures = await picturesOf(given);
  const { files, folder } = await planOutputs(pictures, flags.output && outputPath(flags.output), file.format);
  await refuseSameFiles([...pictures, ...filesBeside(options, flags)], files);
  await checkSteeringFiles(options);
  const signal = interruptSignal();
  const progress = showProgress();
  const format = encodingFor(files[0] as string, file.format);
  try {
    await using farm = await Farm.open(place);
    await inFolder(folder, async () => {
      const needs = flags.model === undefined ? {} : { needs: { model: flags.model } };
      await tellWorkers(farm, progress);
      let over = 0;
      progress.update(0, `0 of ${pictures.length} pictures`);
      const asked = { ...options, file: { ...file, format }, job, ...needs, signal };
      for await (const { index, value, error } of farm.dreamAll(pictures, asked)) {
        const picture = pictures[index] as string;
        await attempt(picture, progress, async () => {
          if (error) throw error;
          await write(files[index] as string, value, flags.json ?? false, progress);
        });
        over += 1;
        progress.update(over / pictures.length, `${over} of ${pictures.length} pictures, last ${shownName(picture)}`);
      }
    });
  } finally {
    progress.stop();
  }
}

export function registerFarmDream(farm: Command): void {
  const command = farm
    .command('dream')
    .description('have pictures dreamed by the workers')
    .argument('<picture...>', 'files, or folders of pictures')
    .option('-o, --output <file>', 'a file, or a folder (made where its name ends with /)')
    .option('--model <name>', "the model that workers must have (default: the package's own)");
  addFlags(command, FARM_OPTIONS);
  addFlags(command, JOB_OPTIONS);
  addObjectiveFlags(command);
  addMaskFlags(command);
  addRecipeFlag(command);
  addFlags(command, DREAM_OPTIONS);
  addFlags(command, FILE_OPTIONS);
  command.option('--json', 'print a line of JSON about each dream instead of its file name').action(run);
}
