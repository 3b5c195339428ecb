import { LiveDreamError } from '../../errors.js';
import type { AboutModel, Farm, JobCounts, KnownWorker } from '../../farm/index.js';
import { packageVersion } from '../../version.js';
import { Throughput } from './throughput.js';

/** Milliseconds between looks, and how long one holds: a Redis that does not answer is away. */
const BETWEEN = 1000;
const HOLDS = 5000;

/** A worker with what it has told of its model. */
export interface Member {
  readonly worker: KnownWorker;
  readonly about: AboutModel;
}

/** A farm as it was a moment ago. */
interface Seen {
  readonly at: number;
  readonly jobs: JobCounts;
  /** That this service can put jobs in for: of its version, and of one model. */
  readonly members: readonly Member[];
}

const sameModel = (one: AboutModel, other: AboutModel): boolean =>
  one.modelSha256 === other.modelSha256 && one.model === other.model;

/** Looks at a farm, so that no request has to ask it who is there. */
export class FarmWatch {
  readonly throughput = new Throughput();
  readonly #farm: Farm;
  /** By their keys in the store. */
  #abouts: ReadonlyMap<string, AboutModel> = new Map<string, AboutModel>();
  #about: AboutModel | undefined;
  #seen: Seen | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(farm: Farm) {
    this.#farm = farm;
  }

  async begin(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), BETWEEN);
    this.#timer.unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** The model, also while nobody has it. Throws ERR_LIVEDREAM_FARM_REFUSED or _FARM_QUEUE while it is not known. */
  about(): AboutModel {
    if (this.#about === undefined) throw this.#absent();
    return this.#about;
  }

  /** Who dreams with it, one at least. Throws the same while there is none. */
  members(): readonly Member[] {
    const members = this.seen()?.members ?? [];
    if (members.length === 0) throw this.#absent();
    return members;
  }

  /** Undefined while the farm cannot be reached. */
  seen(): Seen | undefined {
    return this.#seen && performance.now() - this.#seen.at < HOLDS ? this.#seen : undefined;
  }

  #absent(): LiveDreamError {
    if (this.seen() === undefined)
      return new LiveDreamError('ERR_LIVEDREAM_FARM_QUEUE', "The farm's Redis has not answered of late.");
    return new LiveDreamError('ERR_LIVEDREAM_FARM_REFUSED', 'No worker is there that fits this service.');
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const [all, jobs] = await Promise.all([this.#farm.workers(), this.#farm.jobs()]);
      const told = await this.#toldBy(all.filter(({ livedream }) => livedream === packageVersion()));
      const before = this.#about;
      // The model stays as long as somebody has it; then it is that of whoever is there longest.
      const kept = told.find(({ about }) => before !== undefined && sameModel(about, before)) ?? told[0];
      this.#about = kept?.about ?? before;
      const members = kept ? told.filter(({ about }) => sameModel(about, kept.about)) : [];
      const at = performance.now();
      this.throughput.note(
        members.map(({ worker }) => worker),
        at,
      );
      this.#seen = { at, jobs, members };
    } finally {
      this.#looking = false;
    }
  }

  async #toldBy(workers: readonly KnownWorker[]): Promise<readonly Member[]> {
    const told = await Promise.all(
      workers.map(async (worker) => {
        const about = this.#abouts.get(worker.about) ?? (await this.#farm.modelOf(worker));
        return about ? [{ worker, about }] : [];
      }),
    );
    const members = told.flat();
    this.#abouts = new Map(members.map(({ worker, about }) => [worker.about, about]));
    return members;
  }
}
