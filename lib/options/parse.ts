import { optionRangeError } from '../errors.js';
import type { OptionDescription } from './description.js';
import { allowed } from './read.js';

/** An option's value from its text, of a command line or an address, as the API takes it; which checks it. */
export function parseValue(name: string, description: OptionDescription, text: string): unknown {
  switch (description.kind) {
    case 'integer':
    case 'number': {
      const values = (description.perOctave ? text.split(',') : [text]).map((one) => {
        const value = Number(one);
        if (one.trim() === '' || Number.isNaN(value)) throw optionRangeError(name, allowed(description), text);
        return value;
      });
      return values.length === 1 ? values[0] : values;
    }
    case 'choice':
      return description.choices.find((choice) => String(choice) === text) ?? text;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'seed':
    case 'text':
      return text;
  }
}
