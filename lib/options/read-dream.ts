import { optionRangeError } from '../errors.js';
import { checkFunction, readSignal } from './control.js';
import type { OptionDescription } from './description.js';
import { DREAM_OPTIONS, type DreamOptions, OTHER_DREAM_OPTIONS, type ResolvedDreamOptions } from './dream-options.js';
import { type MaskRequest, readMask } from './mask.js';
import { OBJECTIVE_OPTIONS, type ObjectiveRequest, readObjective } from './objective.js';
import { readOption, readOptions } from './read.js';

/** All that can be said of a dream's options without its model. */
export interface CheckedDreamOptions {
  readonly options: ResolvedDreamOptions;
  readonly objective: ObjectiveRequest;
  readonly mask: MaskRequest | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: DreamOptions['onProgress'];
  readonly onPreview: DreamOptions['onPreview'];
  /** Milliseconds. */
  readonly previewInterval: number;
}

/** One of a function, so no option of the command line or of what is recorded. */
const PREVIEW_INTERVAL = {
  kind: 'number',
  default: 500,
  least: 20,
  most: 3_600_000,
  unit: 'milliseconds',
  about: '',
} as const satisfies OptionDescription;

/** Throws TypeError or RangeError with a code, naming the option, the value and what is allowed. */
export function readDreamOptions(given: DreamOptions): CheckedDreamOptions {
  const options = readOptions(DREAM_OPTIONS, given, [...OBJECTIVE_OPTIONS, ...OTHER_DREAM_OPTIONS]);
  const { onProgress, onPreview } = given;
  checkFunction('onProgress', onProgress);
  checkFunction('onPreview', onPreview);
  const previewInterval = readOption('previewInterval', PREVIEW_INTERVAL, given.previewInterval) as number;
  const signal = readSignal(given.signal);
  const mask = readMask('mask', given.mask);
  const objective = readObjective(given);
  if (mask && objective.kind === 'sum' && objective.terms.some((term) => term.mask))
    throw optionRangeError('mask', 'left out where terms of the objective have masks', given.mask);
  return { options, objective, mask, signal, onProgress, onPreview, previewInterval };
}
