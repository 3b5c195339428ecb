import { closest, distance } from 'fastest-levenshtein';
import { optionRangeError, optionTypeError } from '../errors.js';
import {
  type GivenOptions,
  MOST_OCTAVES,
  type OptionDescription,
  type OptionTable,
  type PerOctave,
  type ResolvedOptions,
} from './description.js';

const MOST_SEED = 2n ** 64n - 1n;

function rangeText(description: { least: number; most: number; above?: boolean; unit?: string }, noun: string): string {
  const least = description.above ? `above ${description.least}` : `from ${description.least}`;
  const most = description.most === Number.MAX_SAFE_INTEGER ? '' : ` to ${description.most}`;
  return `${noun} ${least}${most}${description.unit ? ` ${description.unit}` : ''}`;
}

/** What is allowed, as a phrase: "a whole number from 1 to 20". */
export function allowed(description: OptionDescription): string {
  switch (description.kind) {
    case 'integer':
    case 'number': {
      const one = rangeText(description, description.kind === 'integer' ? 'a whole number' : 'a number');
      return description.perOctave ? `${one}, or a list of them` : one;
    }
    case 'boolean':
      return 'true or false';
    case 'text':
      return `${description.expected ?? 'a string'}${description.list ? ', or a list of them' : ''}`;
    case 'seed':
      return 'a whole number, a bigint or decimal digits, from 0 to 2^64 - 1';
    case 'choice':
      return `one of ${description.choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : choice)).join(', ')}`;
  }
}

function readNumber(
  name: string,
  description: OptionDescription & { least: number; most: number },
  value: unknown,
): number {
  if (typeof value !== 'number') throw optionTypeError(name, allowed(description), value);
  const whole = description.kind !== 'integer' || Number.isInteger(value);
  const above = 'above' in description && description.above ? value > description.least : value >= description.least;
  if (!Number.isFinite(value) || !whole || !above || value > description.most) {
    throw optionRangeError(name, allowed(description), value);
  }
  return value;
}

/** One value for all octaves, or a list of them. */
function readPerOctave(
  name: string,
  description: OptionDescription & { least: number; most: number },
  value: unknown,
): PerOctave {
  if (!Array.isArray(value)) return readNumber(name, description, value);
  if (value.length === 0 || value.length > MOST_OCTAVES)
    throw optionRangeError(name, `${allowed(description)}, of 1 to ${MOST_OCTAVES} octaves`, value);
  return value.map((each, octave) => readNumber(`${name}[${octave}]`, description, each));
}

function readSeed(name: string, description: OptionDescription, value: unknown): bigint {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string')
    throw optionTypeError(name, allowed(description), value);
  const whole =
    typeof value === 'string' ? /^\d{1,20}$/.test(value) : typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!whole) throw optionRangeError(name, allowed(description), value);
  const seed = BigInt(value);
  if (seed < 0n || seed > MOST_SEED) throw optionRangeError(name, allowed(description), value);
  return seed;
}

/** A list as the text that says the same; anything else as it is. */
function listed(name: string, description: OptionDescription & { kind: 'text' }, value: unknown): unknown {
  if (!description.list || !Array.isArray(value)) return value;
  for (const each of value) if (typeof each !== 'string') throw optionTypeError(name, allowed(description), each);
  return value.join(',');
}

function readText(name: string, description: OptionDescription & { kind: 'text' }, given: unknown): string {
  const value = listed(name, description, given);
  if (typeof value !== 'string') throw optionTypeError(name, allowed(description), value);
  if (value === '' || (description.pattern && !description.pattern.test(value))) {
    throw optionRangeError(name, allowed(description), value);
  }
  return value;
}

function readChoice(name: string, description: OptionDescription & { kind: 'choice' }, value: unknown): unknown {
  if (!description.choices.some((choice) => typeof choice === typeof value)) {
    throw optionTypeError(name, allowed(description), value);
  }
  if (!description.choices.includes(value as string)) throw optionRangeError(name, allowed(description), value);
  return value;
}

/** One option, checked: the value or its default. Throws TypeError or RangeError with a code. */
export function readOption(name: string, description: OptionDescription, value: unknown): unknown {
  if (value === undefined) return description.default;
  switch (description.kind) {
    case 'integer':
    case 'number':
      return (description.perOctave ? readPerOctave : readNumber)(name, description, value);
    case 'boolean':
      if (typeof value !== 'boolean') throw optionTypeError(name, allowed(description), value);
      return value;
    case 'text':
      return readText(name, description, value);
    case 'seed':
      return readSeed(name, description, value);
    case 'choice':
      return readChoice(name, description, value);
  }
}

/** An argument, checked as an option is; it must be there. */
export function readArgument(name: string, description: OptionDescription, value: unknown): unknown {
  if (value === undefined) throw optionTypeError(name, allowed(description), value);
  return readOption(name, description, value);
}

/** Names near to a wrong one, nearest first, for messages. */
export function nearNames(wrong: string, names: readonly string[], most = 3): string[] {
  const near = names.filter((name) => distance(wrong, name) <= Math.max(2, Math.ceil(name.length / 2)));
  const containing = names.filter((name) => !near.includes(name) && name.includes(wrong));
  const sorted = near.sort((a, b) => distance(wrong, a) - distance(wrong, b));
  return [...sorted, ...containing].slice(0, most);
}

/** Throws a RangeError for an option that does not exist, naming the nearest that does. `of` is what it is a part of. */
export function refuseUnknown(given: object, known: readonly string[], of = ''): void {
  for (const [name, value] of Object.entries(given)) {
    if (known.includes(name)) continue;
    const near = closest(name, [...known]);
    throw optionRangeError(`${of}${name}`, `left out, as there is no such option (did you mean '${near}'?)`, value);
  }
}

/**
 * All options of a table, checked and complete. `others` are names that the caller reads by itself.
 * Throws TypeError or RangeError with a code, naming the option, the value and what is allowed.
 */
export function readOptions<T extends OptionTable>(
  table: T,
  given: GivenOptions<T>,
  others: readonly string[] = [],
): ResolvedOptions<T> {
  if (typeof given !== 'object' || given === null) throw optionTypeError('options', 'an object', given);
  refuseUnknown(given, [...Object.keys(table), ...others]);
  const values = Object.entries(table).map(([name, description]) => [
    name,
    readOption(name, description, (given as Record<string, unknown>)[name]),
  ]);
  return Object.fromEntries(values) as ResolvedOptions<T>;
}
