import type { Command } from 'commander';
import { optionRangeError } from '../errors.js';
import { FARM_OPTIONS, type FarmPlace } from '../options/farm-options.js';
import { readOptions } from '../options/read.js';
import { type FarmServiceOptions, livedream } from '../service/plugin.js';
import { readFlags } from './flags.js';
import type { Served } from './serve-dreamer.js';

/** Throws a RangeError for flags of what is loaded here. */
export function refuseLoading(command: Command, loading: ReadonlySet<string>): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (loading.has(name) && command.getOptionValueSource(name) === 'cli')
      throw optionRangeError(
        name,
        'left out where a farm dreams, whose workers load the model',
        command.getOptionValue(name),
      );
  }
}

/** Has the workers of a farm dream: no model is loaded here. */
export async function serveFarm(values: Record<string, unknown>): Promise<Served> {
  const place = readFlags(values, FARM_OPTIONS) as FarmPlace;
  readOptions(FARM_OPTIONS, place);
  const { Farm } = await import('../farm/index.js');
  const farm = await Farm.open(place);
  const cancel = new AbortController();
  return {
    what: "a farm's dreams",
    register: (app, given) =>
      app.register(livedream, { farm, cancel: cancel.signal, ...given } satisfies FarmServiceOptions),
    cancel: async () => cancel.abort(new Error('the service stops')),
    end: () => farm.close(),
  };
}
