import type { Command } from 'commander';
import { Dreamer } from '../dreamer.js';
import { printJson } from './json.js';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';

async function run(flags: ModelFlags & { readonly json?: boolean }): Promise<void> {
  const model = readModelFlags(flags);
  const dreamer = await Dreamer.load({ device: 'cpu', ...(model === undefined ? {} : { model }) });
  try {
    const layers = [];
    for (const { name } of dreamer.layers()) layers.push(await dreamer.layer(name));
    if (flags.json) return printJson(layers);
    const width = Math.max(...layers.map(({ name }) => name.length), 5);
    const row = (name: string, op: string, ...numbers: (string | number)[]): string =>
      `${name.padEnd(width)}  ${op.padEnd(10)}${numbers.map((number) => String(number).padStart(10)).join('')}\n`;
    process.stdout.write(row('LAYER', 'OPERATION', 'CHANNELS', 'STRIDE', 'LEAST'));
    for (const { name, op, channels, stride, leastSize } of layers) {
      process.stdout.write(row(name, op, channels, stride, leastSize));
    }
  } finally {
    await dreamer.dispose();
  }
}

export function registerLayers(program: Command): void {
  const command = program
    .command('layers')
    .description('list the layers of a model that can be dreamed, with their channels, stride and least picture side');
  addModelFlags(command);
  command.option('--json', 'as JSON').action(run);
}
