import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Seconds: from an answer by heart to a large picture on a slow machine. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** How a client's dream ended. */
export type Outcome = 'done' | 'left' | 'timeout' | 'refused' | 'invalid' | 'stopped' | 'failed';

/** Of a dream, in milliseconds. */
export interface Spent {
  readonly waited: number;
  readonly compile: number;
  readonly total: number;
}

interface Answered {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
}

let ofProcess: Registry | undefined;

/** Once a process: there is one event loop and one heap, however many services. */
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

/** What one service counts, for Prometheus: docs/service.md. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests;
  readonly #rejected;
  readonly #dreams;
  readonly #seconds;
  readonly #waited;
  readonly #compiled;

  constructor() {
    const registers = [this.registry];
    this.#requests = new Histogram({
      name: 'livedream_http_request_seconds',
      help: 'From the first byte of a request to the last of its answer.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: BUCKETS,
      registers,
    });
    this.#rejected = new Counter({
      name: 'livedream_rejected_total',
      help: 'Requests that got no dream, by the code of docs/errors.md.',
      labelNames: ['code'] as const,
      registers,
    });
    this.#dreams = new Counter({
      name: 'livedream_dreams_total',
      help: 'Dreams that clients asked for, by how they ended.',
      labelNames: ['outcome'] as const,
      registers,
    });
    const spans = { buckets: BUCKETS, registers };
    this.#seconds = new Histogram({ name: 'livedream_dream_seconds', help: 'Dreams on the device.', ...spans });
    this.#waited = new Histogram({ name: 'livedream_wait_seconds', help: 'Waits of dreams in the queue.', ...spans });
    this.#compiled = new Counter({
      name: 'livedream_compile_seconds_total',
      help: 'What building and compiling programs took of dreams.',
      registers,
    });
  }

  answered({ method, route, status, milliseconds }: Answered): void {
    this.#requests.observe({ method, route, status }, milliseconds / 1000);
  }

  rejected(code: string): void {
    this.#rejected.inc({ code });
  }

  dreamed(outcome: Outcome, spent?: Spent): void {
    this.#dreams.inc({ outcome });
    if (!spent) return;
    this.#seconds.observe(spent.total / 1000);
    this.#waited.observe(Math.max(0, spent.waited) / 1000);
    this.#compiled.inc(spent.compile / 1000);
  }

  /** All of it, and of the process, as Prometheus reads it. */
  async text(): Promise<string> {
    return `${await this.registry.metrics()}\n${await processMetrics().metrics()}`;
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
