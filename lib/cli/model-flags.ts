import { type Command, Option } from 'commander';
import { optionRangeError } from '../errors.js';
import type { Preprocessing } from '../model/description.js';
import type { ModelInput } from '../model/source.js';

export interface ModelFlags {
  readonly model?: string;
  readonly input?: string;
  readonly channelOrder?: 'rgb' | 'bgr';
  readonly mean?: string;
  readonly scale?: string;
}

/** The flags that name a model and, for a bare `.pb`, describe it. */
export function addModelFlags(command: Command): void {
  command
    .option('--model <name|file>', "a model of the catalogue, a frozen .pb, or a model's folder")
    .option('--input <name>', 'the placeholder of a .pb that takes the picture (default: "input")')
    .addOption(new Option('--channel-order <order>', 'how a .pb takes colours').choices(['rgb', 'bgr']))
    .option('--mean <m>', 'what is subtracted from 0..255, one number or three: r,g,b (default: 117)')
    .option('--scale <s>', 'what the difference is multiplied with (default: 1)');
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw optionRangeError(name, 'a number', text);
  return value;
}

function readMean(text: string): number | [number, number, number] {
  const [red, green, blue, ...more] = text.split(',').map((part) => number('mean', part));
  if (green === undefined) return red as number;
  if (blue === undefined || more.length > 0) throw optionRangeError('mean', 'one number or three', text);
  return [red as number, green, blue];
}

/** The option `model` of Dreamer.load. */
export function readModelFlags(flags: ModelFlags): ModelInput | undefined {
  const { model, input, channelOrder, mean, scale } = flags;
  const preprocessing: Preprocessing = {
    ...(channelOrder === undefined ? {} : { channelOrder }),
    ...(mean === undefined ? {} : { mean: readMean(mean) }),
    ...(scale === undefined ? {} : { scale: number('scale', scale) }),
  };
  const described = Object.keys(preprocessing).length > 0;
  if (input === undefined && !described) return model;
  if (model === undefined)
    throw optionRangeError('model', 'given together with --input, --mean, --scale or --channel-order', model);
  return { graph: model, ...(input === undefined ? {} : { input }), ...(described ? { preprocessing } : {}) };
}
