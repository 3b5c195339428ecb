import type { FastifyInstance } from 'fastify';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from '../load-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import { type GivenServiceOptions, SERVICE_OPTIONS } from '../options/serve-options.js';
import { livedream } from '../service/plugin.js';
import { fetchFirst } from './consent.js';
import { readFlags } from './flags.js';
import { type ModelFlags, readModelFlags } from './model-flags.js';
import { printWarnings } from './report.js';
import { ServedDreamers } from './served-dreamers.js';

/** What `livedream serve` has dream for it. */
export interface Served {
  /** For the line that says so. */
  readonly what: string;
  register(app: FastifyInstance, given: GivenServiceOptions): PromiseLike<unknown>;
  /** Cancels dreams that outlast the grace; what was cancelled still gets its answer. */
  cancel(): Promise<void>;
  end(): Promise<void>;
}

/** Loads a model here. */
export async function serveDreamer(
  flags: ModelFlags,
  { xlaChoice, service }: { readonly xlaChoice: boolean; readonly service: GivenServiceOptions },
  signal: AbortSignal,
): Promise<Served> {
  const { liveLimit } = readOptions(SERVICE_OPTIONS, service);
  const model = readModelFlags(flags);
  const load = {
    ...readFlags({ ...flags }, LOAD_OPTIONS),
    // Each live client keeps a place for itself.
    queueLimit: LOAD_OPTIONS.queueLimit.default + liveLimit,
    ...(model === undefined ? {} : { model }),
  } as LoadOptions;
  readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  await fetchFirst(load.model, flags.yes, signal);
  const dreamers = await ServedDreamers.load({ ...load, signal });
  const { first: dreamer } = dreamers;
  printWarnings(dreamer);
  const otherXla = xlaChoice ? { otherXla: () => dreamers.other() } : {};
  return {
    what: `'${dreamer.model}'`,
    register: (app, given) => app.register(livedream, { dreamer, ...otherXla, ...given }),
    cancel: () => dreamers.dispose(),
    end: () => dreamers.dispose(),
  };
}
