import { LiveDreamError } from '../../errors.js';
import type { Farm } from '../../farm/index.js';
import { LaterError, RETRY_AFTER } from '../faults.js';
import type { FarmWatch } from './farm-watch.js';

/** Seconds that anybody is told to wait at most. */
const LONGEST = 300;

export interface AdmissionParts {
  readonly farm: Farm;
  readonly watch: FarmWatch;
  /** How many may wait for each worker. */
  readonly waitLimit: number;
  /** Of this service's jobs: those that come later do not keep them waiting, and are not counted. */
  readonly priority: number;
}

/** Resolves with undefined where the signal is first: a Redis that is away is asked for as long as it takes. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const give = (): void => resolve(undefined);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}

/** Lets dreams in as long as no more wait than their workers may keep waiting. */
export class Admission {
  readonly #parts: AdmissionParts;
  #underWay = 0;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Rejects with ERR_LIVEDREAM_QUEUE_FULL where too many wait, and with what `watch` throws where nobody dreams. */
  async during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      await this.#check(signal);
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  async #check(signal: AbortSignal): Promise<void> {
    const { farm, watch, waitLimit, priority } = this.#parts;
    const workers = watch.members().map(({ worker }) => worker);
    const may = waitLimit * workers.length;
    const most = workers.reduce((sum, { concurrency }) => sum + concurrency, 0);
    // Of those that came in the same moment Redis knows nothing yet.
    const beyond = this.#underWay - most;
    if (beyond > may) throw this.#full(beyond);
    const ahead = await unlessAborted(farm.ahead(priority), signal);
    if (ahead === undefined) throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The dream was cancelled.');
    const active = workers.reduce((sum, worker) => sum + worker.active, 0);
    if (ahead >= may + Math.max(0, most - active)) throw this.#full(ahead);
  }

  /** By then those that wait are done, if it goes on as it went. */
  #full(waiting: number): LaterError {
    const rate = this.#parts.watch.throughput.perSecond();
    const seconds = rate === undefined ? RETRY_AFTER : Math.ceil((waiting + 1) / rate);
    const message = `${waiting} dreams wait for the farm's workers, as many as may.`;
    return new LaterError('ERR_LIVEDREAM_QUEUE_FULL', message, Math.min(LONGEST, Math.max(1, seconds)));
  }
}
