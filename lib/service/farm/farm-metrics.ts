import { Gauge, type Registry } from 'prom-client';
import type { JobCounts } from '../../farm/index.js';
import type { Activity } from '../activity.js';
import { gauge } from '../collected.js';
import { infoMetric } from '../engine-metrics.js';
import type { FarmWatch } from './farm-watch.js';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const satisfies readonly (keyof JobCounts)[];

/** What a service knows of its farm, in the place of what engines count. What it does not know now it leaves out. */
export function farmMetrics(registry: Registry, watch: FarmWatch, activity: Activity): void {
  const running = (): number => activity.running;
  gauge(registry, 'livedream_dreams_running', 'Dreams of clients that the farm has, with those that wait.', running);
  infoMetric(registry, () => {
    const [first] = watch.seen()?.members ?? [];
    return first?.about;
  });
  new Gauge({
    name: 'livedream_farm_jobs',
    help: 'Jobs in the queue of the farm, whoever put them in.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      this.reset();
      const jobs = watch.seen()?.jobs;
      for (const state of STATES) if (jobs) this.set({ state }, jobs[state]);
    },
  });
  const members = () => watch.seen()?.members ?? [];
  gauge(registry, 'livedream_farm_workers', 'Workers that dream for this service.', () => members().length);
  const places = (): number => members().reduce((sum, { worker }) => sum + worker.concurrency, 0);
  gauge(registry, 'livedream_farm_places', 'How many jobs they take at a time.', places);
  const live = (): number => members().reduce((sum, { worker }) => sum + worker.liveClients, 0);
  gauge(registry, 'livedream_farm_live_clients', 'Live clients that they dream for.', live);
}
