import type { Command } from 'commander';
import { Dreamer } from '../dreamer.js';
import type { Layer } from '../model/layer.js';
import { fetchFirst } from './consent.js';
import { printJson } from './json.js';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';
import { interruptSignal, printWarnings } from './report.js';

interface Flags extends ModelFlags {
  readonly names?: boolean;
  readonly json?: boolean;
}

function printLayers(layers: readonly Layer[]): void {
  const width = Math.max(...layers.map(({ name }) => name.length), 5);
  const row = (name: string, op: string, ...numbers: (string | number)[]): string =>
    `${name.padEnd(width)}  ${op.padEnd(10)}${numbers.map((number) => String(number).padStart(10)).join('')}\n`;
  process.stdout.write(row('LAYER', 'OPERATION', 'CHANNELS', 'STRIDE', 'LEAST'));
  for (const { name, op, channels, stride, leastSize } of layers) {
    process.stdout.write(row(name, op, channels, stride, leastSize));
  }
}

function printNames(names: Readonly<Record<string, readonly string[]>>): void {
  const width = Math.max(...Object.keys(names).map((layer) => layer.length), 5);
  process.stdout.write(`${'LAYER'.padEnd(width)}  CHANNEL  NAME\n`);
  for (const [layer, channels] of Object.entries(names)) {
    channels.forEach((name, channel) => {
      process.stdout.write(`${layer.padEnd(width)}  ${String(channel).padStart(7)}  ${name}\n`);
    });
  }
}

/** What was found out about the model's input, so that wrong preprocessing can be seen. */
function describeInput({ input }: Dreamer): string {
  const { name, type, shape, layout, channelOrder, mean, scale } = input;
  // Of float32, whose last digits nobody wrote.
  const shown = (value: number): number => Number(value.toPrecision(6));
  const means = new Set(mean).size === 1 ? shown(mean[0]) : `[${mean.map(shown).join(', ')}]`;
  const declared = shape === undefined ? '' : ` ${shape}`;
  return `input '${name}': ${type}${declared}, ${layout}, ${channelOrder}; it sees (x - ${means}) * ${shown(scale)}`;
}

function namesOf(dreamer: Dreamer): Record<string, readonly string[]> {
  const named = dreamer.layers().map(({ name }) => [name, dreamer.channelNames(name)] as const);
  return Object.fromEntries(named.filter(([, names]) => names.length > 0));
}

async function run(flags: Flags): Promise<void> {
  const model = readModelFlags(flags);
  const signal = interruptSignal();
  await fetchFirst(model, flags.yes, signal);
  const dreamer = await Dreamer.load({ device: 'cpu', ...(model === undefined ? {} : { model }), signal });
  try {
    printWarnings(dreamer);
    if (flags.names) return (flags.json ? printJson : printNames)(namesOf(dreamer));
    // For people; a script has dreamer.input.
    if (!flags.json && process.stderr.isTTY) process.stderr.write(`${describeInput(dreamer)}\n`);
    const layers = await dreamer.allLayers({ signal });
    (flags.json ? printJson : printLayers)(layers);
  } finally {
    await dreamer.dispose();
  }
}

export function registerLayers(program: Command): void {
  const command = program
    .command('layers')
    .description('list the layers of a model that can be dreamed, with their channels, stride and least picture side');
  addModelFlags(command);
  command
    .option('--names', 'list the channels that have names instead, such as the classes of a head')
    .option('--json', 'as JSON')
    .action(run);
}
