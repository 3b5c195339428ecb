import type { ModelInput } from './model/source.js';
import type { GivenOptions } from './options/description.js';
import type { LOAD_OPTIONS } from './options/load-options.js';

/** The options of `Dreamer.load`. */
export type LoadOptions = GivenOptions<typeof LOAD_OPTIONS> & {
  /**
   * A catalogue name, the path or `file:` URL of a frozen `.pb`, of a model folder or of a `model.json`, or a description with
   * its graph.
   */
  readonly model?: ModelInput | undefined;
  /** Stops waiting for the model; `load` then rejects with an `AbortError` of code ERR_LIVEDREAM_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Gets what TensorFlow logged while it was opened, line by line; without it nobody sees that. What it throws, `load` rejects
   * with.
   */
  readonly logger?: ((line: string) => unknown) | undefined;
};

export const OTHER_LOAD_OPTIONS = ['model', 'signal', 'logger'] as const;
