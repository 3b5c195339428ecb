import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { withCaller } from '../caller.js';
import { type Dream, outputPath, type PictureParameters } from '../dream.js';
import { Dreamer } from '../dreamer.js';
import { LiveDreamError, optionRangeError } from '../errors.js';
import { picturePath } from '../image/path.js';
import { checkWritable } from '../image/write.js';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from '../load-options.js';
import { isPlainName, ownModelFile } from '../model/own.js';
import { catalogueFile, type ModelInput } from '../model/source.js';
import { FILE_OPTIONS, type FileOptions } from '../options/encode-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import type { StartInput } from '../picture-input.js';
import { compareParameters } from '../replay/differences.js';
import { findSource } from '../replay/find-source.js';
import { withGivenGuides } from '../replay/guides.js';
import { loadOptionsOf } from '../replay/load-options.js';
import { readParameters } from '../replay/read-parameters.js';
import { replay } from '../replay/replay.js';
import { maskAgain } from '../replay/same-mask.js';
import { compareWithPicture } from '../replay/same-picture.js';
import { checkSource } from '../replay/same-source.js';
import { termMaskPictures, withGivenMasks } from '../replay/term-masks.js';
import { fetchFirst } from './consent.js';
import { addFlags, readFlags } from './flags.js';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';
import { showProgress } from './progress.js';
import { interruptSignal, tell } from './report.js';
import { refuseSameFiles } from './same-file.js';
import { shown } from './show.js';
import { STANDARD, writeStandardOutput } from './standard-streams.js';

/** The exit status where `--check` finds other pixels: no error, and not what was hoped for. */
const OTHER_PIXELS = 3;

interface Flags extends ModelFlags {
  readonly output?: string;
  readonly mask?: readonly string[];
  readonly force?: boolean;
  readonly guide?: readonly string[];
  readonly check?: boolean;
}

/** A picture may come from anybody, and names a model of the catalogue at most, no file of this machine. */
function modelOf(flags: ModelFlags, { model, modelSha256 }: PictureParameters): ModelInput {
  const given = readModelFlags(flags.model === undefined ? { ...flags, model } : flags) as ModelInput;
  if (flags.model !== undefined) return given;
  if (isPlainName(model) && (catalogueFile(model) ?? ownModelFile(model)) !== undefined) return given;
  const wanted = `given, as the catalogue has no '${shown(model)}': the file of SHA-256 ${modelSha256}`;
  throw optionRangeError('model', wanted, flags.model);
}

const UNAVAILABLE: readonly string[] = [
  'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
  'ERR_LIVEDREAM_XLA_UNAVAILABLE',
  'ERR_LIVEDREAM_PRECISION_UNAVAILABLE',
];

/** As the picture was made, or as can be here: what then differs is told in the end. */
async function load(given: LoadOptions, parameters: PictureParameters): Promise<Dreamer> {
  // Who says one of these says what they are to be together.
  const said = [given.device, given.xla, given.loop, given.precision].some((each) => each !== undefined);
  if (said) return Dreamer.load(given);
  try {
    return await Dreamer.load({ ...loadOptionsOf(parameters), ...given });
  } catch (error) {
    if (!(error instanceof LiveDreamError) || !UNAVAILABLE.includes(error.code)) throw error;
    return Dreamer.load(given);
  }
}

function tellDifferences(was: PictureParameters, dream: Dream): void {
  const is = dream.pictureParameters({ quality: was.quality });
  if (was.record === undefined) tell('livedream: the picture does not tell its device, TensorFlow or photo');
  for (const { name, was: before, is: now } of is && was.record !== undefined ? compareParameters(was, is) : [])
    tell(`livedream: ${shown(name)} was ${shown(before)}, is ${shown(now)}`);
}

async function check(dream: Dream, picture: string, { quality }: PictureParameters): Promise<void> {
  const { bytes, pixels, most } = await compareWithPicture(dream, await readFile(picture), { quality });
  if (bytes) return tell(`livedream: the same bytes as '${picture}'`);
  if (pixels) return tell(`livedream: the same pixels as '${picture}', in other bytes`);
  tell(
    `livedream: other pixels than '${picture}'${most === undefined ? ' and another size' : `, by ${most} of 255 at most`}`,
  );
  process.exitCode = OTHER_PIXELS;
}

async function write(dream: Dream, output: string, { format, ...encode }: FileOptions): Promise<void> {
  if (output === STANDARD) return writeStandardOutput(await dream.toBuffer(format, encode));
  await dream.toFile(output, { format, ...encode });
  process.stdout.write(`${output}\n`);
}

async function photoOf(
  picture: string,
  parameters: PictureParameters,
  signal: AbortSignal,
): Promise<string | StartInput> {
  const start = parameters.source?.start;
  if (start) return start;
  const found = await withCaller(signal, (caller) => caller.hear(findSource(picture, parameters, caller.signal)));
  if (found === undefined) {
    const wanted = "given: the picture that was dreamed of, as none in the dream's folder is it by its SHA-256";
    throw optionRangeError('photo', wanted, undefined);
  }
  tell(`livedream: the photo is '${found}'`);
  return found;
}

interface Files {
  readonly picture: string;
  readonly photo: string | StartInput;
  readonly output: string | undefined;
}

/** The mask of the dream, or those of its terms, which never are both. */
interface Masks {
  readonly mask?: string;
  readonly masks?: readonly string[];
}

function masksOf({ mask = [] }: Flags, parameters: PictureParameters): Masks {
  const [first, ...others] = mask.map((each) => picturePath(each));
  if (termMaskPictures(parameters).length > 0) return first === undefined ? {} : { masks: [first, ...others] };
  if (others.length > 0) throw optionRangeError('mask', 'given once, as the dream had one mask at most', mask);
  return first === undefined ? {} : { mask: first };
}

/** Whence and where to, checked before anything is dreamed. */
async function checkFiles({ picture, photo }: Omit<Files, 'output'>, flags: Flags, file: FileOptions): Promise<Files> {
  const { output: to } = flags;
  const output = to === undefined || to === STANDARD ? to : outputPath(to);
  if (output !== undefined && output !== STANDARD) {
    await checkWritable(output, file.format);
    const masks = (flags.mask ?? []).map((each) => picturePath(each));
    await refuseSameFiles(
      [picture, photo, ...masks].filter((each) => typeof each === 'string'),
      [output],
    );
  }
  return { picture, photo, output };
}

async function run(pictureGiven: string, photoGiven: string | undefined, flags: Flags): Promise<void> {
  const values = { ...flags };
  const file = readFlags(values, FILE_OPTIONS) as FileOptions;
  const given = readFlags(values, LOAD_OPTIONS) as LoadOptions;
  readOptions(FILE_OPTIONS, file);
  readOptions(LOAD_OPTIONS, given, OTHER_LOAD_OPTIONS);
  const { force = false, guide = [] } = flags;
  const guides = guide.map((each) => picturePath(each));
  if (flags.output === undefined && !flags.check)
    throw optionRangeError('output', 'given, or else --check', flags.output);
  const picture = picturePath(pictureGiven);
  const parameters = await readParameters(picture);
  const signal = interruptSignal();
  const from = photoGiven === undefined ? await photoOf(picture, parameters, signal) : picturePath(photoGiven);
  const { photo, output } = await checkFiles({ picture, photo: from }, flags, file);
  // Before the network is loaded, which takes longer.
  await withGivenGuides(parameters, guides, force);
  const { mask, masks } = masksOf(flags, parameters);
  await withGivenMasks(parameters, undefined, masks ?? [], force);
  if (!force) await checkSource(photo, parameters);
  await maskAgain(parameters, mask, force);
  const model = modelOf(flags, parameters);
  await fetchFirst(model, flags.yes, signal);
  const progress = showProgress();
  try {
    progress.phase('loading the network');
    const dreamer = await load({ ...given, model, signal }, parameters);
    try {
      const dream = await replay(dreamer, photo, parameters, {
        ...{ force, mask, masks, signal, guides },
        onProgress: ({ fraction, octave, octaves }) => progress.update(fraction, `octave ${octave + 1}/${octaves}`),
      });
      progress.stop();
      tellDifferences(parameters, dream);
      if (output !== undefined) await write(dream, output, { quality: parameters.quality, ...file });
      if (flags.check) await check(dream, picture, parameters);
    } finally {
      await dreamer.dispose();
    }
  } finally {
    progress.stop();
  }
}

export function registerReplay(program: Command): void {
  const command = program
    .command('replay')
    .description('make a dream again, as the dreamed picture says: the same bytes on the same machine')
    .argument('<picture>', 'a picture that livedream wrote')
    .argument('[photo]', "the picture that was dreamed of; left out, it is looked for in the dream's folder")
    .option(
      '--mask <file>',
      'the picture that was its mask, or that of a term, given again for each of several',
      (one: string, before: readonly string[] = []) => [...before, one],
    )
    .option('-o, --output <file>', 'where to write; - for standard output')
    .option('--check', `compare with the picture: the exit status is ${OTHER_PIXELS} where a pixel is another`)
    .option(
      '--guide <picture>',
      'a picture that guided the dream, given again for each of several',
      (one: string, before: readonly string[] = []) => [...before, one],
    )
    .option('--force', 'dream all the same of another photo, with another guide or another model');
  addModelFlags(command);
  addFlags(command, FILE_OPTIONS);
  addFlags(command, LOAD_OPTIONS);
  command.action(run);
}
