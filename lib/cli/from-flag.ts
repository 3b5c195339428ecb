import type { Command } from 'commander';
import { optionRangeError } from '../errors.js';
import { readStart } from '../image/start.js';
import type { StartInput } from '../picture-input.js';

export interface FromFlags {
  readonly from?: string;
  readonly spectrum?: string;
  readonly seed?: string;
}

export function addFromFlags(command: Command): void {
  command
    .option(
      '--from <what:WxH>',
      "what to begin with in the place of a picture: 'noise:800x600', whose seed is --seed, or a colour, '#336699:800x600'",
    )
    .option(
      '--spectrum <name>',
      "the noise: 'pink', all grains alike, or 'white', every pixel by itself (default: \"pink\")",
    );
}

/** What to dream of, checked. Throws TypeError or RangeError with a code. */
export function readFromFlags({ from, spectrum, seed }: FromFlags): StartInput | undefined {
  if (from === undefined) {
    if (spectrum !== undefined)
      throw optionRangeError('spectrum', "left out where nothing is dreamed from 'noise'", spectrum);
    return undefined;
  }
  const [, what = '', wide, high] = /^(noise|#.*):(\d{1,6})x(\d{1,6})$/.exec(from) ?? [];
  if (wide === undefined) throw optionRangeError('from', "such as 'noise:800x600' or '#336699:800x600'", from);
  const size = { width: Number(wide), height: Number(high) };
  if (what !== 'noise') {
    if (spectrum !== undefined) throw optionRangeError('spectrum', 'left out of a colour', spectrum);
    return readStart({ colour: what, ...size });
  }
  if (spectrum !== undefined && spectrum !== 'pink' && spectrum !== 'white')
    throw optionRangeError('spectrum', "'pink' or 'white'", spectrum);
  return readStart({ noise: spectrum ?? 'pink', ...size, ...(seed === undefined ? {} : { seed }) });
}

/** In the place of a picture's name, for files and messages. */
export function nameOfStart(start: StartInput): string {
  return 'noise' in start ? 'noise' : start.colour.slice(1);
}
