/** How one option is described: types, validation, the command line's flags and docs/options.md all come from this. */
export type OptionDescription = IntegerOption | NumberOption | BooleanOption | TextOption | ChoiceOption | SeedOption;

interface Common {
  /** One sentence, for docs and `--help`. */
  readonly about: string;
  /** The command line's flag, where it has one. */
  readonly flag?: string;
  /** What stands instead of a default in the docs. */
  readonly otherwise?: string;
  /** Whether it reaches the engine as it is: then native/dream/plan.h has a line for it too. */
  readonly engine?: true;
  /** Whether what is written of a dream leaves it out where it is the default, as pictures do from before there was it. */
  readonly silent?: true;
}

interface Range {
  readonly least: number;
  readonly most: number;
  /** Whether `least` itself is not allowed. */
  readonly above?: boolean;
}

export interface IntegerOption extends Common, Range {
  readonly kind: 'integer';
  readonly default: number | undefined;
  readonly unit?: string;
  /** Whether a list may stand for it, a value for each octave. */
  readonly perOctave?: true;
}

export interface NumberOption extends Common, Range {
  readonly kind: 'number';
  readonly default: number | undefined;
  readonly unit?: string;
  readonly perOctave?: true;
}

/** Also of values in a list that has one for each octave. */
export const MOST_OCTAVES = 20;

/** Of an option that may differ between octaves: one for all, or a list, smallest octave first. */
export type PerOctave = number | readonly number[];

export interface BooleanOption extends Common {
  readonly kind: 'boolean';
  readonly default: boolean;
}

export interface TextOption extends Common {
  readonly kind: 'text';
  readonly default: string | undefined;
  readonly pattern?: RegExp;
  readonly expected?: string;
  /** Whether a list of texts may stand for them with commas between, as which it is read. */
  readonly list?: true;
}

export interface ChoiceOption extends Common {
  readonly kind: 'choice';
  readonly default: string | boolean | undefined;
  readonly choices: readonly (string | boolean)[];
}

/** 0 .. 2^64 - 1, as a number (up to 2^53 - 1), a bigint, or its decimal digits, as JSON has it. */
export interface SeedOption extends Common {
  readonly kind: 'seed';
  readonly default: bigint;
}

export type OptionTable = Readonly<Record<string, OptionDescription>>;

/** What a user may give for an option. */
export type Given<D extends OptionDescription> = D extends IntegerOption | NumberOption
  ? D extends { readonly perOctave: true }
    ? PerOctave
    : number
  : D extends BooleanOption
    ? boolean
    : D extends TextOption
      ? D extends { readonly list: true }
        ? string | readonly string[]
        : string
      : D extends SeedOption
        ? number | bigint | string
        : D extends { readonly choices: readonly (infer C)[] }
          ? C
          : never;

/** What it is after reading: complete, but for options without a default. */
export type Resolved<D extends OptionDescription> = D extends SeedOption
  ? bigint
  : D extends { readonly list: true }
    ? string
    : undefined extends D['default']
      ? Given<D> | undefined
      : Given<D>;

export type GivenOptions<T extends OptionTable> = { readonly [K in keyof T]?: Given<T[K]> | undefined };
export type ResolvedOptions<T extends OptionTable> = { readonly [K in keyof T]: Resolved<T[K]> };
