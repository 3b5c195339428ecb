import type { Command } from 'commander';
import { type FilterOptions, nameFilter, removeFilter } from '../catalogue/filters.js';
import { optionRangeError } from '../errors.js';
import { DEFAULT_MODEL } from '../model/source.js';
import type { Channel, ChannelWeight } from '../options/objective.js';
import { PRESET_OPTIONS, type Preset } from '../options/preset.js';
import { addFlags, readFlags } from './flags.js';
import { interruptSignal } from './report.js';

interface Flags {
  readonly model: string;
  readonly layer: string;
  readonly channels?: string;
  readonly force?: boolean;
}

const EXPECTED = "channels by number or name, each with its weight or without: '3,17' or '3:0.5,17'";

function readChannel(text: string): Channel {
  const channel = text.trim();
  if (channel === '') throw optionRangeError('channels', EXPECTED, text);
  return /^\d+$/.test(channel) ? Number(channel) : channel;
}

/** Of `3,17` and `3:0.5,owl`. */
function readChannels(text: string): (Channel | ChannelWeight)[] {
  return text.split(',').map((part) => {
    const weighted = /^(.*):([^:]*)$/.exec(part);
    if (!weighted) return readChannel(part);
    const [, channel = '', weight = ''] = weighted;
    if (weight.trim() === '' || !Number.isFinite(Number(weight))) throw optionRangeError('channels', EXPECTED, text);
    return { channel: readChannel(channel), weight: Number(weight) };
  });
}

async function name(filter: string, flags: Flags): Promise<void> {
  const { model, layer, channels, force } = flags;
  const preset = readFlags({ ...flags }, PRESET_OPTIONS) as Preset;
  const what: FilterOptions = {
    ...preset,
    ...{ layer, force, signal: interruptSignal() },
    ...(channels === undefined ? {} : { channels: readChannels(channels) }),
  };
  await nameFilter(model, filter, what);
  const flag = model === DEFAULT_MODEL ? '' : ` --model ${model}`;
  const quoted = /\s/.test(filter) ? `'${filter}'` : filter;
  process.stdout.write(`${filter}\n`);
  if (process.stderr.isTTY) process.stderr.write(`Try it: livedream dream photo.jpg${flag} --filter ${quoted}\n`);
}

async function unname(filter: string, { model }: Pick<Flags, 'model'>): Promise<void> {
  await removeFilter(model, filter, { signal: interruptSignal() });
  process.stdout.write(`${filter}\n`);
}

const MODEL = ['--model <name>', 'the model whose filter it is', DEFAULT_MODEL] as const;

export function registerModelsName(models: Command): void {
  const command = models
    .command('name')
    .description('keep a filter of your own: a name for channels of a layer, with the options that draw it best')
    .argument('<filter>', 'its name')
    .option(...MODEL)
    .requiredOption('--layer <name>', 'its layer')
    .option('--channels <list>', `its ${EXPECTED}; left out, the whole layer`);
  addFlags(command, PRESET_OPTIONS);
  command.option('--force', 'replace a filter of that name').action(name);
  models
    .command('unname')
    .description('remove a filter of your own')
    .argument('<filter>', 'its name')
    .option(...MODEL)
    .action(unname);
}
