import { LiveDreamError, optionRangeError } from '../errors.js';
import { checkRecipe } from '../recipe/check.js';

/** What may stand in a recipe of a request or beside it. */
interface Said {
  readonly recipe?: unknown;
  readonly options?: object;
}

/**
 * A request with what its recipe says in the places of options and output; what it says itself of how the dream is written counts
 * above that. Throws what is wrong with the recipe, and a RangeError for options beside it; ERR_LIVEDREAM_MODEL_UNKNOWN for another model.
 */
export function byRecipe<B extends Said>({ recipe, ...body }: B, model: string): Omit<B, 'recipe'> {
  if (recipe === undefined) return body;
  const { options, output, model: wanted = model } = checkRecipe(recipe, 'The recipe');
  if (body.options !== undefined) throw optionRangeError('options', "left out where 'recipe' is given", body.options);
  if (wanted === model) return { ...output, ...body, options };
  const message = `The recipe is for the model '${wanted.slice(0, 60)}', and this service dreams with '${model}'.`;
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', message, {
    repair: "Leave out its 'model' to dream so here.",
  });
}
