import { optionRangeError } from '../errors.js';
import type { ObjectiveRequest } from './objective.js';

/** Throws a RangeError that names the field for a term with a mask; `what` is what has none. */
export function refuseTermMasks(objective: ObjectiveRequest, what: string): void {
  if (objective.kind !== 'sum') return;
  objective.terms.forEach(({ mask }, index) => {
    if (mask) throw optionRangeError(`objective[${index}].mask`, `left out of ${what}`, mask);
  });
}
