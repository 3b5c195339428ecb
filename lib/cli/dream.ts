import type { Command } from 'commander';
import { type Dream, outputPath } from '../dream.js';
import type { PictureProgress } from '../dream-all.js';
import { Dreamer } from '../dreamer.js';
import { optionRangeError } from '../errors.js';
import { DEFAULT_FORMAT, type Encoding, encodingOf } from '../formats.js';
import { checkReadable } from '../image/decode.js';
import { checkFits, encodingFor } from '../image/encode.js';
import { fitted } from '../image/open.js';
import { picturePath } from '../image/path.js';
import { checkWritable } from '../image/write.js';
import { DREAM_OPTIONS } from '../options/dream-options.js';
import { FILE_OPTIONS, type FileOptions } from '../options/encode-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { PRESET_OPTIONS } from '../options/preset.js';
import type { StartInput } from '../picture-input.js';
import type { Size } from '../size.js';
import { type Asked, type DreamFlags, readAsked } from './asked-dream.js';
import { attempt, inFolder, shownName, warn } from './batch.js';
import { fetchFirst } from './consent.js';
import { profilePath, writeProfile } from './dream-profile.js';
import { addFlags } from './flags.js';
import { addFromFlags, nameOfStart } from './from-flag.js';
import { toJson } from './json.js';
import { addMaskFlags } from './mask-flags.js';
import { addModelFlags, type ModelFlags } from './model-flags.js';
import { addObjectiveFlags } from './objective-flags.js';
import { type Outputs, planOutputs } from './outputs.js';
import { type Progress, showProgress } from './progress.js';
import { addRecipeFlag, PICTURES, type RecipeFlag, readRecipeFlag, withModel } from './recipe-flag.js';
import { interruptSignal } from './report.js';
import { refuseSameFiles } from './same-file.js';
import { checkStandardInput, readStandardInput, STANDARD, writeStandardOutput } from './standard-streams.js';
import { checkSteeringFiles, filesBeside } from './steering-files.js';

interface Flags extends DreamFlags, ModelFlags, RecipeFlag {
  readonly json?: boolean;
  readonly profile?: string;
}

/** A picture that can be read, and where its dream goes. */
interface Job {
  readonly picture: string;
  readonly input: string | Buffer | StartInput;
  /** Of its dream. */
  readonly size: Size;
  readonly output: string;
}

/** What the bar shows: how far all pictures are, and which step one of them is at. */
function progressOf(jobs: readonly Job[], progress: Progress): (picture: PictureProgress) => void {
  const fractions = jobs.map(() => 0);
  return ({ index, octave, octaves, iteration, iterations, fraction }) => {
    fractions[index] = fraction;
    const done = fractions.reduce((sum, each) => sum + each, 0) / jobs.length;
    const name = shownName((jobs[index] as Job).picture);
    progress.update(done, `${name}: octave ${octave + 1}/${octaves}, step ${iteration}/${iterations}`);
  };
}

async function read(picture: string, asked: Asked, signal: AbortSignal): Promise<Pick<Job, 'input' | 'size'>> {
  const { start, reading } = asked;
  if (start) return { input: start, size: fitted(start, reading.size) };
  const input = picture === STANDARD ? await readStandardInput(signal) : picturePath(picture);
  return { input, size: await checkReadable(input, reading) };
}

async function write(dream: Dream, { output }: Job, file: FileOptions, progress: Progress): Promise<void> {
  if (output !== STANDARD) return dream.toFile(output, file);
  const { format, ...encoding } = file;
  const bytes = await dream.toBuffer(format, encoding);
  // A pipe that is closed ends us at once, and the bar has hidden the cursor.
  progress.stop();
  await writeStandardOutput(bytes);
}

/** The jobs whose output can be written; of the others that is reported. */
async function writable(jobs: readonly Job[], { file }: Asked, progress: Progress): Promise<Job[]> {
  const found: Job[] = [];
  for (const job of jobs) {
    const { picture, output, size } = job;
    const check = async (): Promise<void> => {
      if (output === STANDARD)
        return checkFits(size, encodingOf(file.format ?? DEFAULT_FORMAT) as Encoding, 'The dream');
      await checkWritable(output, file.format);
      checkFits(size, encodingFor(output, file.format), `'${output}'`);
    };
    if (await attempt(picture, progress, check)) found.push(job);
  }
  return found;
}

/** Where the dreams go; throws a RangeError before anything is done where something would be lost. */
async function outputsFor(pictures: readonly string[], flags: Flags, { file, options }: Asked): Promise<Outputs> {
  const outputs = await planOutputs(pictures, flags.output && outputPath(flags.output), file.format);
  if (flags.json && outputs.files.includes(STANDARD))
    throw optionRangeError('json', 'left out where the picture itself goes to standard output', flags.json);
  if (pictures.includes(STANDARD)) checkStandardInput();
  const { profile } = flags;
  await refuseSameFiles(
    [...pictures, ...filesBeside(options, flags)],
    [...outputs.files, ...(profile === undefined ? [] : [outputPath(profile)])],
  );
  return outputs;
}

interface Run {
  readonly asked: Asked;
  readonly json: boolean;
  readonly profile: string | undefined;
  readonly yes: boolean | undefined;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function dreamAll(jobs: readonly Job[], { asked, json, profile, yes, signal, progress }: Run): Promise<void> {
  await fetchFirst(asked.load.model, yes, signal);
  progress.phase('loading the network');
  const ordinary = profile === undefined ? {} : { xla: false };
  const dreamer = await Dreamer.load({ ...asked.load, ...ordinary, signal });
  for (const warning of dreamer.warnings) warn(warning, progress);
  try {
    progress.phase('building the programs');
    const options = { ...asked.options, signal, onProgress: progressOf(jobs, progress) };
    for await (const { index, dream, error } of dreamer.dreamAll(
      jobs.map(({ input }) => input),
      options,
    )) {
      const job = jobs[index] as Job;
      await attempt(job.picture, progress, async () => {
        if (error) throw error;
        await write(dream, job, asked.file, progress);
        for (const warning of dream.warnings) warn(`${shownName(job.picture)}: ${warning}`, progress);
        if (job.output !== STANDARD)
          progress.result(json ? toJson({ file: job.output, ...dream.toJSON() }) : job.output);
      });
    }
    const [job] = jobs;
    if (profile !== undefined && job)
      await writeProfile(dreamer, job.input, { ...asked.options, signal }, profile, progress);
  } finally {
    await dreamer.dispose();
  }
}

async function run(given: readonly string[], said: Flags): Promise<void> {
  // What is wrong whatever the network is, is said before it is loaded.
  if (said.recipe === STANDARD && given.includes(STANDARD))
    throw optionRangeError('recipe', 'a file where standard input is the picture', STANDARD);
  const recipe = await readRecipeFlag(said, PICTURES);
  const flags = withModel(said, recipe);
  const asked = readAsked(flags, recipe);
  const { start } = asked;
  if (start && given.length > 0) throw optionRangeError('from', 'left out where pictures are given', flags.from);
  if (!start && given.length === 0) throw optionRangeError('picture', 'given, or else --from', undefined);
  const named = start ? [nameOfStart(start)] : given;
  const pictures = named.map((picture) => (/^file:/i.test(picture) ? picturePath(picture) : picture));
  const profile = await profilePath(flags.profile, pictures, asked.load);
  const { files, folder } = await outputsFor(pictures, flags, asked);
  await checkSteeringFiles(asked.options);
  const signal = interruptSignal();
  const progress = showProgress();
  const readable: Job[] = [];
  for (const [index, picture] of pictures.entries()) {
    const input = await attempt(picture, progress, () => read(picture, asked, signal));
    if (input) readable.push({ picture, ...input.done, output: files[index] as string });
  }
  if (readable.length === 0) return;
  try {
    await inFolder(folder, async () => {
      const jobs = await writable(readable, asked, progress);
      const { json = false, yes } = flags;
      if (jobs.length > 0) await dreamAll(jobs, { asked, json, profile, yes, signal, progress });
    });
  } finally {
    progress.stop();
  }
}

export function registerDream(program: Command): void {
  const command = program
    .command('dream')
    .description('dream of pictures')
    .argument('[picture...]', 'PNG, JPEG, WebP, AVIF, GIF or TIFF; - for standard input')
    .option(
      '-o, --output <file>',
      'where to write: a file, a folder (made where its name ends with /), or - for standard output (default: NAME-dream.png beside the picture; standard output for standard input)',
    );
  addObjectiveFlags(command);
  addFromFlags(command);
  addMaskFlags(command);
  addModelFlags(command);
  addRecipeFlag(command);
  command.addHelpText(
    'after',
    `\nA model or a filter may have better values than these defaults for ${Object.keys(PRESET_OPTIONS).join(', ')}.`,
  );
  addFlags(command, DREAM_OPTIONS);
  addFlags(command, FILE_OPTIONS);
  addFlags(command, LOAD_OPTIONS);
  command
    .option('--json', 'print a line of JSON about each dream instead of its file name')
    .option(
      '--profile <file>',
      'dream once more, for the time of every operation of every step: a trace that ui.perfetto.dev and chrome://tracing open; by ordinary kernels',
    )
    .action(run);
}
