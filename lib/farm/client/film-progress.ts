import { planOf, type SegmentDone, segmentJob } from '../jobs/film-job.js';
import { idOf } from '../jobs/picture-job.js';
import { alreadyDone } from '../jobs/results.js';
import type { FarmConnection } from './farm-connection.js';
import type { ShownProgress } from './told.js';

/** Adds up what a film's jobs tell, from its planning to its joining. */
export class FilmProgress {
  readonly #farm: FarmConnection;
  readonly #film: string;
  readonly #show: (progress: ShownProgress) => void;
  /** Finished frames of each segment, by its job. */
  readonly #finished = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #unlisten: () => void;
  #of: number | undefined;
  #isReading = false;

  constructor(farm: FarmConnection, film: string, show: (progress: ShownProgress) => void) {
    this.#farm = farm;
    this.#film = film;
    this.#show = show;
    this.#unlisten = farm.listen({
      progress: (id, told) => this.#told(id, told),
      done: (id) => this.#done(id),
    });
    // Of one that others began, or that was begun before.
    this.#readPlan();
  }

  end(): void {
    this.#unlisten();
  }

  #told(id: string, told: Readonly<Record<string, number>>): void {
    if (id === this.#film) {
      const { looked, expected, written, fraction = 0 } = told;
      if (looked !== undefined)
        this.#show({ phase: 'planning', fraction: expected ? looked / expected : 0, frames: looked, of: expected });
      if (written !== undefined) this.#show({ phase: 'joining', fraction, frames: written, of: this.#of });
      return;
    }
    const { frames } = told;
    if (frames === undefined) return;
    if (this.#counts.has(id)) this.#set(id, frames);
    else this.#readPlan();
  }

  #done(id: string): void {
    const count = this.#counts.get(id);
    if (count !== undefined) this.#set(id, count);
    else if (this.#of === undefined) this.#readPlan();
  }

  #set(id: string, frames: number): void {
    this.#finished.set(id, frames);
    const total = [...this.#finished.values()].reduce((sum, each) => sum + each, 0);
    const of = this.#of ?? total;
    this.#show({ phase: 'dreaming', fraction: total / of, frames: total, of });
  }

  /** Which jobs are the film's, and which of them are over. */
  #readPlan(): void {
    if (this.#of !== undefined || this.#isReading) return;
    this.#isReading = true;
    void this.#read()
      .catch(() => undefined)
      .finally(() => {
        this.#isReading = false;
      });
  }

  async #read(): Promise<void> {
    const { store } = this.#farm;
    const plan = await planOf(store, this.#film);
    if (plan === undefined) return;
    for (const segment of plan.segments) {
      const id = idOf(segmentJob(this.#film, plan, segment));
      this.#counts.set(id, segment.count);
      if (await alreadyDone<SegmentDone>({ store, id })) this.#finished.set(id, segment.count);
    }
    this.#of = plan.manifest.frames;
  }
}
