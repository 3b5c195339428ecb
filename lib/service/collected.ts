import { Counter, Gauge, type Registry } from 'prom-client';

/** A value that is asked for when Prometheus comes. */
export function gauge(register: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [register],
    collect() {
      this.set(value());
    },
  });
}

/** The same of what only grows. */
export function total(register: Registry, name: string, help: string, value: () => number): void {
  new Counter({
    name,
    help,
    registers: [register],
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}
