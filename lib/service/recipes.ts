import { LiveDreamError, optionRangeError } from '../errors.js';
import type { DreamOptions } from '../options/dream-options.js';
import { checkParts } from '../recipe/check.js';

/** What may stand in a recipe of a request or beside it. */
interface Said {
  readonly recipe?: unknown;
  readonly options?: object;
}

/**
 * A request with what its recipe says in the places of options and output; what it says itself of how the dream is written counts
 * above that. The options are yet to be checked, as a request's own are, with the pictures that came beside them. Throws what is wrong with the recipe, and a RangeError for options beside it; ERR_LIVEDREAM_MODEL_UNKNOWN for another model.
 */
export function byRecipe<B extends Said>({ recipe, ...body }: B, model: string): Omit<B, 'recipe'> {
  if (recipe === undefined) return body;
  const { options, output, model: wanted = model } = checkParts(recipe, 'The recipe');
  if (body.options !== undefined) throw optionRangeError('options', "left out where 'recipe' is given", body.options);
  if (wanted === model) return { ...output, ...body, options: options as DreamOptions };
  const message = `The recipe is for the model '${wanted.slice(0, 60)}', and this service dreams with '${model}'.`;
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', message, {
    repair: "Leave out its 'model' to dream so here.",
  });
}
