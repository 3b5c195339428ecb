import { type Command, Option } from 'commander';
import type { OptionDescription, OptionTable } from '../options/description.js';
import { parseValue } from '../options/parse.js';
import { allowed } from '../options/read.js';

/** commander's name for a flag: '--octave-scale <x>' is octaveScale, '--no-jitter' is jitter. */
function attribute(flag: string): string {
  return new Option(flag).attributeName();
}

function defaultText({ otherwise, default: value }: OptionDescription): string {
  const shown = otherwise ?? (typeof value === 'bigint' ? value.toString() : JSON.stringify(value));
  return shown === undefined || shown === 'true' ? '' : ` (default: ${shown})`;
}

/** Adds the flags that a table of options describes; their help comes from it. */
export function addFlags(command: Command, table: OptionTable): void {
  for (const description of Object.values(table)) {
    if (description.flag === undefined) continue;
    const range = description.kind === 'boolean' ? '' : ` Allowed: ${allowed(description)}.`;
    command.addOption(new Option(description.flag, `${description.about}${range}${defaultText(description)}`));
  }
}

/** What the user gave on the command line, as options for the API, which checks them. */
export function readFlags(values: Record<string, unknown>, table: OptionTable): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, description] of Object.entries(table)) {
    if (description.flag === undefined) continue;
    const value = values[attribute(description.flag)];
    if (value === undefined) continue;
    options[name] = typeof value === 'string' ? parseValue(name, description, value) : value;
  }
  return options;
}
