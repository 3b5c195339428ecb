import { performance } from 'node:perf_hooks';
import type { NativeAddon, NativeEngine, NativeStatistics } from './binding/native.js';
import type { Choice, ChosenDevice } from './device.js';
import type { ErrorCode } from './error-codes.js';
import { LiveDreamError } from './errors.js';
import type { ResolvedLoadOptions } from './options/load-options.js';
import { defaultMemoryLimit } from './plan/memory.js';

/** An engine, what it was chosen for, and how many calls it has. */
export interface Station {
  readonly engine: NativeEngine;
  readonly choice: Choice;
  /** The version of the library. */
  readonly tensorflow: string;
  /** Of one dream, in bytes. */
  readonly memoryLimit: number;
  /** What TensorFlow may use of the GPU; undefined on the CPU. */
  readonly gpuBytes: number | undefined;
}

/** A device that failed at something, which another then took. */
export interface DeviceFault {
  readonly device: string;
  readonly error: LiveDreamError;
}

/** Work for one of several devices; `faults` are those of devices that were tried before. It may be begun once on each. */
export type DeviceWork<T> = (station: Station, faults: readonly DeviceFault[]) => Promise<T>;

/** What may be the device's fault, and not that of what it was given. */
const OF_A_DEVICE: ReadonlySet<ErrorCode> = new Set([
  'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
  'ERR_LIVEDREAM_OUT_OF_MEMORY',
  'ERR_LIVEDREAM_TENSORFLOW',
  'ERR_LIVEDREAM_XLA_UNAVAILABLE',
]);

/** For how long, in milliseconds, a device that failed gets nothing that another can take; afterwards it may have recovered. */
const DISTRUST = 60_000;

/** The engines of a Dreamer, one a device, behind its one queue: a call goes to the one with the fewest. */
export class Engines {
  readonly stations: readonly Station[];
  readonly #calls = new Map<Station, number>();
  readonly #failed = new Map<Station, number>();

  constructor(addon: NativeAddon, chosen: readonly ChosenDevice[], options: ResolvedLoadOptions, tensorflow: string) {
    this.stations = chosen.map(({ choice, gpuBytes }) => ({
      choice,
      tensorflow,
      gpuBytes,
      memoryLimit: options.memoryLimit ?? Math.floor(defaultMemoryLimit(gpuBytes) / sharing(chosen, choice.device)),
      engine: new addon.Engine({
        device: choice.device,
        programCacheBytes: options.programCacheLimit,
        // Calls are counted when they come (Admission); an engine's own queue never refuses one that was let in.
        queueLimit: options.queueLimit + chosen.length,
        threads: options.threads,
        precision: choice.precision,
        ...(options.gpuMemoryFraction === undefined ? {} : { gpuMemoryFraction: options.gpuMemoryFraction }),
      }),
    }));
  }

  /**
   * Runs the work on the engine with the fewest calls, the first of them; where its device fails at it, on the others in turn.
   * Rejects with the first device's error where all fail.
   */
  async use<T>(work: DeviceWork<T>): Promise<T> {
    const faults: DeviceFault[] = [];
    const tried = new Set<Station>();
    for (;;) {
      const station = this.#freest(tried);
      if (station === undefined) throw (faults[0] as DeviceFault).error;
      tried.add(station);
      try {
        const done = await this.#counted(station, () => work(station, faults));
        this.#failed.delete(station);
        return done;
      } catch (error) {
        if (!isDevices(error, faults.length > 0)) throw error;
        faults.push({ device: station.choice.device, error });
        // What had no room says nothing about what comes next.
        if (error.code !== 'ERR_LIVEDREAM_OUT_OF_MEMORY') this.#failed.set(station, performance.now());
      }
    }
  }

  async #counted<T>(station: Station, work: () => Promise<T>): Promise<T> {
    this.#calls.set(station, this.#callsOf(station) + 1);
    try {
      return await work();
    } finally {
      this.#calls.set(station, this.#callsOf(station) - 1);
    }
  }

  #callsOf(station: Station): number {
    return this.#calls.get(station) ?? 0;
  }

  /** Of those that were not tried; one that failed lately only where there is no other. */
  #freest(tried: ReadonlySet<Station>): Station | undefined {
    const distrusted = (station: Station): boolean =>
      performance.now() - (this.#failed.get(station) ?? Number.NEGATIVE_INFINITY) < DISTRUST;
    const left = this.stations.filter((station) => !tried.has(station));
    const trusted = left.filter((station) => !distrusted(station));
    const [first, ...others] = trusted.length > 0 ? trusted : left;
    return others.reduce((best, each) => {
      return best !== undefined && this.#callsOf(each) < this.#callsOf(best) ? each : best;
    }, first);
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

/** After another device's fault anything but the end of the call: one with less memory may have no room at all, say. */
function isDevices(error: unknown, again: boolean): error is LiveDreamError {
  if (!(error instanceof LiveDreamError)) return false;
  const ends = error.code === 'ERR_LIVEDREAM_ABORTED' || error.code === 'ERR_LIVEDREAM_DISPOSED';
  return OF_A_DEVICE.has(error.code) || (again && !ends);
}

/** How many engines share a device's memory: the processor may be asked for more than once, under several names. */
function sharing(chosen: readonly ChosenDevice[], device: string): number {
  const memoryOf = (name: string): string => (name.startsWith('CPU') ? 'CPU' : name);
  return chosen.filter(({ choice }) => memoryOf(choice.device) === memoryOf(device)).length;
}
