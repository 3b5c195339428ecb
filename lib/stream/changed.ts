import type { ResolvedOptions } from '../options/description.js';
import { refuseTermMasks } from '../options/mask-terms.js';
import { readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import {
  type ChangedOptions,
  COHERENCE_OPTIONS,
  type FrameOptions,
  splitStreamValues,
} from '../options/stream-options.js';

/** What a frame is dreamed with, and how it hangs together with the one before. */
export interface InForce {
  readonly frame: FrameOptions;
  readonly coherence: ResolvedOptions<typeof COHERENCE_OPTIONS>;
}

/** Throws TypeError or RangeError with a code, naming the option; also for those that are fixed while a stream runs. */
export function readChanged(given: ChangedOptions): InForce {
  const { stream, frame } = splitStreamValues(given);
  const coherence = readOptions(COHERENCE_OPTIONS, stream);
  refuseTermMasks(readDreamOptions(frame).objective, 'a stream, whose pictures move');
  return { frame, coherence };
}
