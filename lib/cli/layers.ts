import type { Command } from 'commander';
import { withCaller } from '../caller.js';
import { Dreamer } from '../dreamer.js';
import type { Layer } from '../model/layer.js';
import { printJson } from './json.js';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';
import { interruptSignal } from './report.js';

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

function namesOf(dreamer: Dreamer): Record<string, readonly string[]> {
  const named = dreamer.layers().map(({ name }) => [name, dreamer.channelNames(name)] as const);
  return Object.fromEntries(named.filter(([, names]) => names.length > 0));
}

async function run(flags: Flags): Promise<void> {
  const model = readModelFlags(flags);
  const signal = interruptSignal();
  const dreamer = await Dreamer.load({ device: 'cpu', ...(model === undefined ? {} : { model }), signal });
  try {
    if (flags.names) return (flags.json ? printJson : printNames)(namesOf(dreamer));
    const layers = await withCaller(signal, async (caller) => {
      const found: Layer[] = [];
      for (const { name } of dreamer.layers()) found.push(await caller.hear(dreamer.layer(name)));
      return found;
    });
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
