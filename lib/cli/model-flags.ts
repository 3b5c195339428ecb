import { type Command, Option } from 'commander';
import { optionRangeError } from '../errors.js';
import type { Feeds, ModelDescription, Preprocessing } from '../model/description.js';
import type { ModelInput } from '../model/source.js';

export interface ModelFlags {
  readonly model?: string;
  readonly input?: string;
  readonly signature?: string;
  readonly feed?: readonly string[];
  readonly channelOrder?: 'rgb' | 'bgr';
  readonly mean?: string;
  readonly scale?: string;
  readonly yes?: boolean;
}

/** The flags that name a model and, for a bare `.pb`, describe it. */
export function addModelFlags(command: Command): void {
  command.option(
    '--model <name|file>',
    "a model of the catalogue, a frozen .pb, a SavedModel's folder, or a model's folder",
  );
  addDescriptionFlags(command);
}

/** The flags that describe a bare `.pb`. */
export function addDescriptionFlags(command: Command): void {
  command
    .option('--input <name>', 'the node that takes the picture (default: the placeholder "input", or the only one)')
    .option('--signature <name>', 'the signature of a SavedModel (default: serving_default, or the only one)')
    .option('--feed <name=value...>', 'values of other placeholders: keep_prob=1, is_training=false, size=224,224')
    .addOption(new Option('--channel-order <order>', 'how the network takes colours').choices(['rgb', 'bgr']))
    .option(
      '--mean <m>',
      'what is subtracted from 0..255, one number or three: r,g,b (default: 117; 0 where the network prepares its picture)',
    )
    .option('--scale <s>', 'what the difference is multiplied with (default: 1)')
    .option('-y, --yes', 'download the model without asking, where it has to be');
}

function number(name: string, text: string, wanted = 'a number'): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw optionRangeError(name, wanted, text);
  return value;
}

function readMean(text: string): number | [number, number, number] {
  const [red, green, blue, ...more] = text.split(',').map((part) => number('mean', part));
  if (green === undefined) return red as number;
  if (blue === undefined || more.length > 0) throw optionRangeError('mean', 'one number or three', text);
  return [red as number, green, blue];
}

function readFeed(text: string): number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return number('feed', text, 'a number, true or false');
}

/** Of `keep_prob=1` and `size=224,224`; undefined where there is none. */
function readFeeds(texts: readonly string[]): Feeds | undefined {
  if (texts.length === 0) return undefined;
  const entries = texts.map((text) => {
    const split = text.lastIndexOf('=');
    if (split < 1) throw optionRangeError('feed', "such as 'keep_prob=1'", text);
    const values = text
      .slice(split + 1)
      .split(',')
      .map(readFeed);
    return [text.slice(0, split), values.length === 1 ? (values[0] as number | boolean) : values] as const;
  });
  return Object.fromEntries(entries);
}

/** What the flags say of a model. */
export function readDescriptionFlags(flags: Omit<ModelFlags, 'model'>): ModelDescription {
  const { input, signature, channelOrder, mean, scale } = flags;
  const feeds = readFeeds(flags.feed ?? []);
  const preprocessing: Preprocessing = {
    ...(channelOrder === undefined ? {} : { channelOrder }),
    ...(mean === undefined ? {} : { mean: readMean(mean) }),
    ...(scale === undefined ? {} : { scale: number('scale', scale) }),
  };
  return {
    ...(input === undefined ? {} : { input }),
    ...(signature === undefined ? {} : { signature }),
    ...(feeds === undefined ? {} : { feeds }),
    ...(Object.keys(preprocessing).length === 0 ? {} : { preprocessing }),
  };
}

/** The option `model` of Dreamer.load. */
export function readModelFlags(flags: ModelFlags): ModelInput | undefined {
  const { model, ...described } = flags;
  const parts = readDescriptionFlags(described);
  if (Object.keys(parts).length === 0) return model;
  if (model === undefined)
    throw optionRangeError(
      'model',
      'given together with --input, --signature, --feed, --mean, --scale or --channel-order',
      model,
    );
  return { graph: model, ...parts };
}
