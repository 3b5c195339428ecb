import { createHash, randomUUID } from 'node:crypto';
import { freemem, hostname } from 'node:os';
import type { Dreamer } from '../../dreamer.js';
import type { MadeBy } from '../../made.js';
import { machineName } from '../../runtime/compile-cache/machine.js';
import { openRuntime } from '../../runtime/find/open.js';
import { packageVersion } from '../../version.js';
import { aboutModel } from '../jobs/about.js';
import type { WorkerFacts } from '../jobs/needs.js';
import { keyOf } from '../store/keys.js';
import type { FarmStore } from '../store/store.js';

/** Bytes a pixel of a picture that waits decoded, in the largest form that it has. */
const WAITING_BYTES = 16;
/** For each device one that is dreamed and one that is read. */
const MOST_A_DEVICE = 2;

/** What decides a dream's bytes beside the library and the model, as one text. */
export function engineOf({ device, xla, loop, precision, rewrites }: MadeBy): string {
  return [device, xla ? 'xla' : 'kernels', loop, precision, ...[...rewrites].sort()].join(' ');
}

/** As many jobs as fit into half of the free memory. */
export function concurrencyOf(dreamer: Dreamer, pixelLimit: number): number {
  const fit = Math.floor(freemem() / 2 / (pixelLimit * WAITING_BYTES));
  return Math.max(1, Math.min(fit, MOST_A_DEVICE * dreamer.device.split(',').length));
}

/** What a worker tells of itself; what it knows of its model it puts into the store. */
export async function factsOf(
  dreamer: Dreamer,
  store: FarmStore,
  concurrency: number,
  live?: string,
): Promise<WorkerFacts> {
  const { runtime } = await openRuntime();
  const known = Buffer.from(JSON.stringify(await aboutModel(dreamer)));
  const about = keyOf('facts', createHash('sha256').update(known).digest('hex'));
  if (!(await store.touch(about))) await store.put(about, known);
  return {
    id: randomUUID(),
    host: hostname(),
    pid: process.pid,
    livedream: packageVersion(),
    tensorflow: dreamer.made.tensorflow,
    model: dreamer.model,
    modelSha256: dreamer.modelSha256,
    engine: engineOf(dreamer.made),
    device: dreamer.device,
    machine: await machineName(runtime),
    concurrency,
    since: Date.now(),
    about,
    ...(live === undefined ? {} : { live }),
  };
}
