import { loadAddon } from './binding/addon.js';
import { withCaller } from './caller.js';
import type { CallsParts } from './calls.js';
import { chooseDevices } from './device.js';
import { Engines } from './engines.js';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from './load-options.js';
import { openModel } from './model/source.js';
import { checkFunction, readSignal } from './options/control.js';
import { LOAD_OPTIONS, type ResolvedLoadOptions } from './options/load-options.js';
import { readOptions } from './options/read.js';
import { ResidentModel } from './resident-model.js';
import { whyNoGpu } from './runtime/find/gpu.js';
import { openRuntime } from './runtime/find/open.js';
import { Tuning } from './tuning/tuning.js';

/** What a Dreamer is made of. */
export interface DreamerParts extends CallsParts {
  readonly model: ResidentModel;
}

/** Opens the library, chooses devices, and puts the model on them; all of it or nothing. See Dreamer.load. */
export async function loadParts(options: LoadOptions): Promise<DreamerParts> {
  const resolved: ResolvedLoadOptions = readOptions(LOAD_OPTIONS, options, OTHER_LOAD_OPTIONS);
  const { logger } = options;
  checkFunction('logger', logger);
  return withCaller(readSignal(options.signal), async (caller) => {
    const source = await caller.hear(openModel(options.model));
    const addon = loadAddon();
    const { library, runtime } = await caller.hear(openRuntime());
    const log = logger && caller.safely(logger);
    for (const line of library.messages.split('\n')) if (line !== '') log?.(line);
    const chosen = await caller.hear(chooseDevices(addon, resolved, () => whyNoGpu(runtime)));
    const engines = new Engines(addon, chosen, resolved, library.version);
    try {
      const model = await caller.hear(ResidentModel.load(source, addon, engines, caller.signal));
      for (const warning of model.warnings) log?.(warning);
      const { threads, queueLimit } = resolved;
      const tuning = await Tuning.load({ network: model.sha256, library: library.version, threads });
      await caller.finish();
      return { addon, engines, model, queueLimit, tuning };
    } catch (error) {
      const disposed = engines.dispose();
      // What stops the call is not to wait for an import that cannot be interrupted.
      if (!caller.stopped) await disposed;
      throw error;
    }
  });
}
