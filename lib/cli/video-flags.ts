import type { LoadOptions } from '../load-options.js';
import { OTHER_LOAD_OPTIONS } from '../load-options.js';
import type { DreamOptions } from '../options/dream-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import {
  type ResolvedVideoOptions,
  VIDEO_DREAM_OPTIONS,
  VIDEO_OPTIONS,
  VIDEO_STREAM_OPTIONS,
  type VideoStreamOptions,
} from '../options/video-options.js';
import type { Recipe } from '../recipe/fields.js';
import { readFlags } from './flags.js';
import { type ModelFlags, readModelFlags } from './model-flags.js';
import { type ObjectiveFlags, readObjectiveFlags } from './objective-flags.js';
import { overRecipe, type RecipeFlag } from './recipe-flag.js';

export interface VideoFlags extends ModelFlags, ObjectiveFlags, RecipeFlag {
  readonly output?: string;
  readonly json?: boolean;
}

/** Everything that the flags say, checked as far as it can be without the film. */
export interface AskedVideo {
  readonly video: ResolvedVideoOptions;
  readonly stream: VideoStreamOptions;
  /** Without the size, which the frames are read in. */
  readonly dream: DreamOptions;
  readonly longestSide: number | undefined;
  readonly load: LoadOptions;
}

const PREVIEW = { video: { duration: 3, quality: 50 }, dream: { size: 320, octaves: 2, iterations: 2 } } as const;

/** Throws TypeError or RangeError with a code. */
export function readVideoFlags(flags: VideoFlags, recipe: Recipe): AskedVideo {
  const values = { ...flags };
  const given = readFlags(values, VIDEO_OPTIONS);
  const video = readOptions(VIDEO_OPTIONS, given['preview'] === true ? { ...PREVIEW.video, ...given } : given);
  const stream = readFlags(values, VIDEO_STREAM_OPTIONS) as VideoStreamOptions;
  readOptions(VIDEO_STREAM_OPTIONS, stream);
  const options = overRecipe(recipe, { ...readFlags(values, VIDEO_DREAM_OPTIONS), ...readObjectiveFlags(flags) });
  const { size, ...dream } = (video.preview ? { ...PREVIEW.dream, ...options } : options) as DreamOptions;
  const { options: checked } = readDreamOptions({ ...dream, size });
  const model = readModelFlags(flags);
  const load = { ...readFlags(values, LOAD_OPTIONS), ...(model === undefined ? {} : { model }) } as LoadOptions;
  readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  return { video, stream, dream: dream as DreamOptions, longestSide: checked.size, load };
}
