import type { Command } from 'commander';
import type { Dreamer } from '../dreamer.js';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from '../load-options.js';
import type { DreamOptions } from '../options/dream-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { refuseTermMasks } from '../options/mask-terms.js';
import { readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import { VIDEO_DREAM_OPTIONS } from '../options/video-options.js';
import type { Recipe } from '../recipe/fields.js';
import type { Size } from '../size.js';
import { addFlags, readFlags } from './flags.js';
import { type ModelFlags, readModelFlags } from './model-flags.js';
import { type ObjectiveFlags, readObjectiveFlags } from './objective-flags.js';
import { overRecipe } from './recipe-flag.js';

/** Each frame of a film of one picture is dreamed on the one before, so that a few steps are enough. */
const FEW_STEPS = { octaves: 3, iterations: 2 } as const;

/** What a film of one picture is dreamed with. */
export interface AskedStill {
  /** Without the size, which the picture is read in, and without the seed, which each frame has of its own. */
  readonly dream: DreamOptions;
  readonly longestSide: number | undefined;
  readonly seed: bigint;
  readonly load: LoadOptions;
}

/** Throws TypeError or RangeError with a code. */
export function readStillFlags(flags: ModelFlags & ObjectiveFlags, recipe: Recipe): AskedStill {
  const values = { ...flags };
  const said = { ...readFlags(values, VIDEO_DREAM_OPTIONS), ...readObjectiveFlags(flags) };
  const asked = { ...FEW_STEPS, ...overRecipe(recipe, said) };
  const { options, objective } = readDreamOptions(asked as DreamOptions);
  refuseTermMasks(objective, 'a film, whose pictures move');
  const { size: longestSide, seed } = options;
  const { size: _size, ...dream } = asked as DreamOptions;
  const model = readModelFlags(flags);
  const load = { ...readFlags(values, LOAD_OPTIONS), ...(model === undefined ? {} : { model }) } as LoadOptions;
  readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  return { dream: dream as DreamOptions, longestSide, seed, load };
}

/** Rejects where one of several dreams of a picture cannot be dreamed, such as by a filter that is not there. */
export async function checkDreams(dreamer: Dreamer, size: Size, dreams: readonly DreamOptions[]): Promise<void> {
  const { width, height } = size;
  for (const dream of dreams) await dreamer.operations({ width, height }, dream);
}

/** The flags of a dream, with the steps of such films. */
export function addStepFlags(command: Command, { octaves, iterations, ...others }: typeof VIDEO_DREAM_OPTIONS): void {
  addFlags(command, {
    octaves: { ...octaves, default: FEW_STEPS.octaves },
    iterations: { ...iterations, default: FEW_STEPS.iterations },
    ...others,
  });
}
