import { checkFunction, readSignal } from './control.js';
import { DREAM_OPTIONS, type DreamOptions, OTHER_DREAM_OPTIONS, type ResolvedDreamOptions } from './dream-options.js';
import { OBJECTIVE_OPTIONS, type ObjectiveRequest, readObjective } from './objective.js';
import { readOptions } from './read.js';

/** All that can be said of a dream's options without its model. */
export interface CheckedDreamOptions {
  readonly options: ResolvedDreamOptions;
  readonly objective: ObjectiveRequest;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: DreamOptions['onProgress'];
}

/** Throws TypeError or RangeError with a code, naming the option, the value and what is allowed. */
export function readDreamOptions(given: DreamOptions): CheckedDreamOptions {
  const options = readOptions(DREAM_OPTIONS, given, [...OBJECTIVE_OPTIONS, ...OTHER_DREAM_OPTIONS]);
  const { onProgress } = given;
  checkFunction('onProgress', onProgress);
  return { options, objective: readObjective(given), signal: readSignal(given.signal), onProgress };
}
