import type { NativeAddon, NativeEngine, NativeStatistics } from './binding/native.js';
import type { Choice, ChosenDevice } from './device.js';
import type { ResolvedLoadOptions } from './options/load-options.js';
import { defaultMemoryLimit } from './plan/memory.js';

/** An engine, what it was chosen for, and how many calls it has. */
export interface Station {
  readonly engine: NativeEngine;
  readonly choice: Choice;
  /** Of one dream, in bytes. */
  readonly memoryLimit: number;
  /** What TensorFlow may use of the GPU; undefined on the CPU. */
  readonly gpuBytes: number | undefined;
}

/** The engines of a Dreamer, one a device, behind its one queue: a call goes to the one with the fewest. */
export class Engines {
  readonly stations: readonly Station[];
  readonly #calls = new Map<Station, number>();

  constructor(addon: NativeAddon, chosen: readonly ChosenDevice[], options: ResolvedLoadOptions) {
    this.stations = chosen.map(({ choice, gpuBytes }) => ({
      choice,
      gpuBytes,
      memoryLimit: options.memoryLimit ?? Math.floor(defaultMemoryLimit(gpuBytes) / sharing(chosen, choice.device)),
      engine: new addon.Engine({
        device: choice.device,
        programCacheBytes: options.programCacheLimit,
        // Calls are counted when they come (Admission); an engine's own queue never refuses one that was let in.
        queueLimit: options.queueLimit + chosen.length,
        threads: options.threads,
        precision: choice.precision,
      }),
    }));
  }

  /** Runs the work on the engine with the fewest calls, the first of them. */
  async use<T>(work: (station: Station) => Promise<T>): Promise<T> {
    const callsOf = (each: Station): number => this.#calls.get(each) ?? 0;
    const station = this.stations.reduce((best, each) => (callsOf(each) < callsOf(best) ? each : best));
    this.#calls.set(station, callsOf(station) + 1);
    try {
      return await work(station);
    } finally {
      this.#calls.set(station, callsOf(station) - 1);
    }
  }

  /** Of all engines together. */
  statistics(): NativeStatistics {
    const all = this.stations.map(({ engine }) => engine.statistics());
    const sum = (name: keyof NativeStatistics): number => all.reduce((total, each) => total + each[name], 0);
    const names = Object.keys(all[0] ?? {}) as (keyof NativeStatistics)[];
    return Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as NativeStatistics;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.stations.map(({ engine }) => engine.dispose()));
  }
}

/** How many engines share a device's memory: the processor may be asked for more than once. */
function sharing(chosen: readonly ChosenDevice[], device: string): number {
  return chosen.filter(({ choice }) => choice.device === device).length;
}
