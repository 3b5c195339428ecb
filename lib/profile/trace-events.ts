import { type Profile, spanOf } from './profile.js';

/** An event of the Trace Event Format, which Chrome's chrome://tracing and ui.perfetto.dev open; times in microseconds. */
export type TraceEvent =
  | {
      readonly ph: 'X';
      readonly name: string;
      readonly cat: string;
      readonly pid: number;
      readonly tid: number;
      readonly ts: number;
      readonly dur: number;
      readonly args: Readonly<Record<string, string | number>>;
    }
  | {
      readonly ph: 'M';
      readonly name: 'process_name' | 'thread_name' | 'process_sort_index';
      readonly pid: number;
      readonly tid?: number;
      readonly args: { readonly name: string } | { readonly sort_index: number };
    };

/** What a trace's file holds. */
export interface TraceFile {
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, string | number>>;
  readonly traceEvents: readonly TraceEvent[];
}

const STEPS = 0;

/** Lanes of a device, which TensorFlow does not tell its threads of: what runs at the same time lies side by side. */
class Lanes {
  readonly #ends: number[] = [];

  /** The number of the first that is free, from 1 on. */
  take(begin: number, end: number): number {
    const free = this.#ends.findIndex((last) => last <= begin);
    const lane = free < 0 ? this.#ends.length : free;
    this.#ends[lane] = end;
    return lane + 1;
  }

  get count(): number {
    return this.#ends.length;
  }
}

function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1e6) / 1e3;
}

/**
 * A profile for looking at: the programs' runs in a lane of their own, below it each device with what it ran. Open the file with
 * ui.perfetto.dev or chrome://tracing.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { traceFile } from 'livedream';
 *
 * const profile = await dreamer.profile('photo.jpg', { octaves: 1, iterations: 2 });
 * await writeFile('trace.json', JSON.stringify(traceFile(profile)));
 * ```
 */
export function traceFile(profile: Profile): TraceFile {
  const { model, layer, device, precision, width, height, steps } = profile;
  const devices = new Map<string, { readonly pid: number; readonly lanes: Lanes }>();
  const events: TraceEvent[] = [];
  for (const run of profile.programs) {
    const span = spanOf(run);
    if (span === undefined) continue;
    const { program, octave, iteration, operations } = run;
    const time = { ts: microseconds(span.begin), dur: microseconds(span.end - span.begin) };
    events.push({ ph: 'X', name: program, cat: 'program', pid: STEPS, tid: 1, ...time, args: { octave, iteration } });
    for (const { name, operation, device: place, begin, end } of operations) {
      const { pid, lanes } = devices.get(place) ?? { pid: devices.size + 1, lanes: new Lanes() };
      devices.set(place, { pid, lanes });
      const [tid, ts, dur] = [lanes.take(begin, end), microseconds(begin), microseconds(end - begin)];
      events.push({ ph: 'X', name: operation, cat: 'operation', pid, tid, ts, dur, args: { node: name } });
    }
  }
  const named = (pid: number, name: string): TraceEvent[] => [
    { ph: 'M', name: 'process_name', pid, args: { name } },
    { ph: 'M', name: 'process_sort_index', pid, args: { sort_index: pid } },
  ];
  const names = [...devices].flatMap(([place, { pid, lanes }]): TraceEvent[] => [
    ...named(pid, place),
    ...Array.from({ length: lanes.count }, (_, lane): TraceEvent => {
      const name = `what runs side by side, ${lane + 1}`;
      return { ph: 'M', name: 'thread_name', pid, tid: lane + 1, args: { name } };
    }),
  ]);
  const otherData = { model, layer, device, precision, width, height, steps };
  return { displayTimeUnit: 'ms', otherData, traceEvents: [...named(STEPS, 'steps'), ...names, ...events] };
}
