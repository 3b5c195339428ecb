import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { type Dream, outputPath } from '../dream.js';
import { Dreamer } from '../dreamer.js';
import { optionRangeError } from '../errors.js';
import { checkReadable } from '../image/decode.js';
import { checkWritable } from '../image/encode.js';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from '../load-options.js';
import { DREAM_OPTIONS, type DreamOptions } from '../options/dream-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import type { Channel } from '../options/objective.js';
import { PRESET_OPTIONS } from '../options/preset.js';
import { readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import { addFlags, readFlags } from './flags.js';
import { toJson } from './json.js';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';
import { type Progress, showProgress } from './progress.js';
import { interruptSignal } from './report.js';

interface Flags extends ModelFlags {
  readonly output?: string;
  readonly filter?: string;
  readonly layer?: string;
  readonly channel?: string;
  readonly json?: boolean;
}

/** Where each dream goes: beside its picture as NAME-dream.png, into a folder, or to the one file named. */
async function outputsFor(pictures: readonly string[], given: string | undefined): Promise<string[]> {
  const output = given === undefined ? undefined : outputPath(given);
  const folder = output !== undefined && ((await stat(output).catch(() => undefined))?.isDirectory() ?? false);
  if (output !== undefined && !folder) {
    if (pictures.length > 1) throw optionRangeError('output', 'a folder that exists, for several pictures', output);
    return [output];
  }
  const outputs = pictures.map((picture) =>
    path.join(output ?? path.dirname(picture), `${path.parse(picture).name}-dream.png`),
  );
  const twice = outputs.find((file, index) => outputs.indexOf(file) !== index);
  if (twice !== undefined) throw optionRangeError('output', 'such that each dream has a file of its own', twice);
  return outputs;
}

/** A number is a channel's number; anything else its name, which only the model can tell. */
function readChannel(text: string): Channel {
  if (text.trim() === '') throw optionRangeError('channel', "a channel's number or name", text);
  const channel = Number(text);
  return Number.isNaN(channel) ? text : channel;
}

function readObjective({ filter, layer, channel }: Flags): Record<string, unknown> {
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(layer === undefined ? {} : { layer }),
    ...(channel === undefined ? {} : { channel: readChannel(channel) }),
  };
}

function dreamWithProgress(
  dreamer: Dreamer,
  picture: string,
  options: DreamOptions,
  progress: Progress,
): Promise<Dream> {
  progress.phase(`${path.basename(picture)}: building the programs`);
  return dreamer.dream(picture, {
    ...options,
    onProgress: ({ octave, octaves, iteration, iterations, fraction }) =>
      progress.update(
        fraction,
        `${path.basename(picture)}: octave ${octave + 1}/${octaves}, step ${iteration}/${iterations}`,
      ),
  });
}

async function run(pictures: readonly string[], flags: Flags): Promise<void> {
  const options = { ...readFlags({ ...flags }, DREAM_OPTIONS), ...readObjective(flags) } as DreamOptions;
  const model = readModelFlags(flags);
  const load = { ...readFlags({ ...flags }, LOAD_OPTIONS), ...(model === undefined ? {} : { model }) } as LoadOptions;
  // What is wrong whatever the network is, is said before it is loaded.
  readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  const { page } = readDreamOptions(options).options;
  for (const picture of pictures) await checkReadable(picture, page);
  const outputs = await outputsFor(pictures, flags.output);
  for (const output of outputs) await checkWritable(output);
  const signal = interruptSignal();
  const progress = showProgress();
  try {
    progress.phase('loading the network');
    const dreamer = await Dreamer.load({ ...load, signal });
    try {
      for (const [index, picture] of pictures.entries()) {
        const dream = await dreamWithProgress(dreamer, picture, { ...options, signal }, progress);
        const output = outputs[index] as string;
        await dream.toFile(output);
        progress.result(flags.json ? toJson({ file: output, ...dream.toJSON() }) : output);
      }
    } finally {
      await dreamer.dispose();
    }
  } finally {
    progress.stop();
  }
}

export function registerDream(program: Command): void {
  const command = program
    .command('dream')
    .description('dream of pictures')
    .argument('<picture...>', 'PNG, JPEG, WebP, AVIF, GIF or TIFF')
    .option('-o, --output <file>', 'where to write, or a folder (default: NAME-dream.png beside the picture)')
    .option('--filter <name>', "a named filter of the model's catalogue")
    .option('--layer <name>', 'a layer: with --channel the mean of that channel, else the mean of squares of all')
    .option('--channel <n|name>', "a channel of the layer, from 0, or a name that the model gives it: 'owl'");
  addModelFlags(command);
  command.addHelpText(
    'after',
    `\nA model or a filter may have better values than these defaults for ${Object.keys(PRESET_OPTIONS).join(', ')}.`,
  );
  addFlags(command, DREAM_OPTIONS);
  addFlags(command, LOAD_OPTIONS);
  command.option('--json', 'print a line of JSON about each dream instead of its file name').action(run);
}
