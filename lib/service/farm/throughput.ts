import type { KnownWorker } from '../../farm/index.js';

type Counted = Pick<KnownWorker, 'id' | 'done'>;

interface Sample {
  readonly at: number;
  readonly done: ReadonlyMap<string, number>;
}

/** Milliseconds that count as recent, and what of them tells anything. */
const RECENT = 60_000;
const LEAST = 1000;

/** How many jobs a farm has done of late, by what its workers count. */
export class Throughput {
  #samples: Sample[] = [];

  /** @param at milliseconds of a clock that only goes on */
  note(workers: readonly Counted[], at: number): void {
    const done = new Map(workers.map((worker) => [worker.id, worker.done]));
    this.#samples = [...this.#samples.filter((sample) => at - sample.at <= RECENT), { at, done }];
  }

  /** Undefined where that is not known: nothing was done, or it was looked at too shortly. */
  perSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at < LEAST) return undefined;
    let jobs = 0;
    for (const [id, done] of last.done) jobs += Math.max(0, done - (first.done.get(id) ?? 0));
    return jobs === 0 ? undefined : (jobs * 1000) / (last.at - first.at);
  }
}
