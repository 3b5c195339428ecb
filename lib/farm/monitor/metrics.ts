import { Gauge, Registry } from 'prom-client';
import type { FarmConnection } from '../client/farm-connection.js';
import { statusOf } from '../client/status.js';
import type { FarmStatus } from '../client/told.js';

/** Milliseconds for which one look at the farm serves: a scrape asks for every metric. */
const FRESH = 500;

const WORKER_LABELS = ['worker', 'host', 'device', 'model'] as const;

/** What a farm's queue and workers are at, in Prometheus' text: docs/farm.md. */
export function farmRegistry(farm: FarmConnection): Registry {
  const registry = new Registry();
  let looked = Number.NEGATIVE_INFINITY;
  let look: Promise<FarmStatus> | undefined;
  const status = (): Promise<FarmStatus> => {
    if (look === undefined || performance.now() - looked > FRESH) {
      looked = performance.now();
      look = statusOf(farm);
    }
    return look;
  };
  const one = (name: string, help: string, of: (status: FarmStatus) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(of(await status()));
      },
    });
  };
  new Gauge({
    name: 'livedream_farm_jobs',
    help: 'Jobs of the farm by what they are at; failed and done ones as long as Redis keeps them.',
    labelNames: ['state'] as const,
    registers: [registry],
    async collect() {
      const { jobs } = await status();
      for (const [state, count] of Object.entries(jobs)) this.set({ state }, count);
    },
  });
  one('livedream_farm_oldest_seconds', 'How long the oldest job that waits has waited.', ({ oldest }) => oldest / 1000);
  one('livedream_farm_workers', 'Workers that live.', ({ workers }) => workers.length);
  one('livedream_farm_places', 'How many jobs they take at a time.', ({ workers }) =>
    workers.reduce((sum, { concurrency }) => sum + concurrency, 0),
  );
  const each = (name: string, help: string, of: (worker: FarmStatus['workers'][number]) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: WORKER_LABELS,
      registers: [registry],
      async collect() {
        const { workers } = await status();
        // Of dead ones nothing is told.
        this.reset();
        for (const worker of workers) {
          const { id, host, device, model = '' } = worker;
          this.set({ worker: id.slice(0, 8), host, device, model }, of(worker));
        }
      },
    });
  };
  each('livedream_farm_worker_active', 'Jobs that a worker has now.', ({ active }) => active);
  each('livedream_farm_worker_done', 'Jobs that a worker has done since it began.', ({ done }) => done);
  each('livedream_farm_worker_failed', 'Attempts that failed at a worker since it began.', ({ failed }) => failed);
  return registry;
}
