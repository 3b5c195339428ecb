import { type LoadOptions, OTHER_LOAD_OPTIONS } from '../load-options.js';
import { DREAM_OPTIONS, type DreamOptions, type ResolvedDreamOptions } from '../options/dream-options.js';
import { FILE_OPTIONS, type FileOptions } from '../options/encode-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import type { StartInput } from '../picture-input.js';
import type { Recipe } from '../recipe/fields.js';
import { readFlags } from './flags.js';
import { type FromFlags, readFromFlags } from './from-flag.js';
import { type MaskFlags, readMaskFlags } from './mask-flags.js';
import { type ModelFlags, readModelFlags } from './model-flags.js';
import { type ObjectiveFlags, readObjectiveFlags, readTermFlags } from './objective-flags.js';
import { fileOver, overRecipe } from './recipe-flag.js';

/** The flags of a picture's dream. */
export interface DreamFlags extends ObjectiveFlags, MaskFlags, FromFlags {
  readonly output?: string;
}

/** What they say of the dream, whoever dreams it. */
export interface AskedDream {
  readonly options: DreamOptions;
  readonly file: FileOptions;
  readonly reading: Pick<ResolvedDreamOptions, 'page' | 'size'>;
  readonly start: StartInput | undefined;
}

/** Everything that the flags say, checked as far as it can be without the network. Throws TypeError or RangeError with a code. */
export function readDreamFlags(flags: DreamFlags, recipe: Recipe): AskedDream {
  const values = { ...flags };
  const terms = readTermFlags(flags);
  const steering = { ...readObjectiveFlags(flags, terms), ...readMaskFlags(flags, terms) };
  const said = { ...readFlags(values, DREAM_OPTIONS), ...steering };
  const options = overRecipe(recipe, said) as DreamOptions;
  const file = fileOver(recipe, readFlags(values, FILE_OPTIONS) as FileOptions, flags.output);
  readOptions(FILE_OPTIONS, file);
  const { options: reading } = readDreamOptions(options);
  return { options, file, reading, start: readFromFlags(flags) };
}

/** The same with what loads a Dreamer here. */
export interface Asked extends AskedDream {
  readonly load: LoadOptions;
}

export function readAsked(flags: DreamFlags & ModelFlags, recipe: Recipe): Asked {
  const model = readModelFlags(flags);
  const load = {
    ...readFlags({ ...flags }, LOAD_OPTIONS),
    ...(model === undefined ? {} : { model }),
  } as LoadOptions;
  const asked = readDreamFlags(flags, recipe);
  readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  return { ...asked, load };
}
