import { readFile } from 'node:fs/promises';
import { optionRangeError, optionTypeError } from '../../errors.js';
import type { DreamOptions } from '../../options/dream-options.js';
import { refuseTermMasks } from '../../options/mask-terms.js';
import { OBJECTIVE_OPTIONS } from '../../options/objective.js';
import { PRESET_OPTIONS } from '../../options/preset.js';
import { readOption, readOptions, refuseUnknown } from '../../options/read.js';
import { readDreamOptions } from '../../options/read-dream.js';
import { MOTION_OPTIONS, type Motion, type MotionChange } from '../../options/zoom-options.js';

/** From a time on, something else: what is left out stays as it was. */
export interface ScheduleEntry {
  /** In seconds. */
  readonly at: number;
  /** How long the change takes: what was fades out as what is new fades in. */
  readonly fade: number;
  readonly motion: MotionChange;
  /** What is dreamed, and how. */
  readonly dream: DreamOptions;
}

/** What is dreamed at a moment: one thing, or during a change two, whose shares are 1 together. */
export interface Moment {
  readonly motion: Motion;
  readonly dreams: readonly { readonly options: DreamOptions; readonly share: number }[];
}

const TIME = { kind: 'number', default: 0, least: 0, most: 1_000_000, unit: 'seconds', about: '' } as const;
const MOTION = Object.keys(MOTION_OPTIONS);
/** What a change may say of dreams: the size and the seed are the film's. */
const DREAM = [...OBJECTIVE_OPTIONS, ...Object.keys(PRESET_OPTIONS)];

function picked(entry: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => names.includes(name)));
}

function readEntry(given: unknown, place: number): ScheduleEntry {
  const name = `schedule[${place}]`;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw optionTypeError(name, 'an object', given);
  refuseUnknown(given, ['at', 'fade', ...MOTION, ...DREAM], `${name}.`);
  const { at, fade } = given as Record<string, unknown>;
  const motion = picked(given, MOTION);
  readOptions(MOTION_OPTIONS, motion);
  const dream = picked(given, DREAM) as DreamOptions;
  refuseTermMasks(readDreamOptions(dream).objective, 'a film, whose pictures move');
  return {
    at: readOption(`${name}.at`, TIME, at) as number,
    fade: readOption(`${name}.fade`, TIME, fade) as number,
    motion,
    dream,
  };
}

/** A schedule, checked. Throws TypeError or RangeError with a code, naming the entry. */
export function readSchedule(given: unknown): readonly ScheduleEntry[] {
  if (!Array.isArray(given)) throw optionTypeError('schedule', 'a list of changes', given);
  const entries = given.map(readEntry);
  for (const [place, entry] of entries.entries()) {
    const before = entries[place - 1];
    if (before && entry.at < before.at + before.fade)
      throw optionRangeError(
        `schedule[${place}].at`,
        `at or after ${before.at + before.fade}, when the one before is done`,
        entry.at,
      );
  }
  return entries;
}

/** The schedule in a file. */
export async function openSchedule(file: string): Promise<readonly ScheduleEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw Object.assign(optionRangeError('schedule', 'a file that can be read', file), { cause: error });
  });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw Object.assign(optionRangeError('schedule', `JSON (${(error as Error).message})`, file), { cause: error });
  }
  return readSchedule(given);
}

/** With a change; who says what to dream of says all of it, and a new filter brings its own steps. */
function changed(before: DreamOptions, change: DreamOptions, first: DreamOptions): DreamOptions {
  if (!OBJECTIVE_OPTIONS.some((name) => change[name] !== undefined)) return { ...before, ...change } as DreamOptions;
  const rest = Object.fromEntries(
    Object.entries(first).filter(([name]) => !(OBJECTIVE_OPTIONS as readonly string[]).includes(name)),
  );
  return { ...rest, ...change } as DreamOptions;
}

/** Slow at both ends, so that no change is seen to begin. */
function eased(t: number): number {
  return t * t * (3 - 2 * t);
}

function between(one: Motion, other: Motion, t: number): Motion {
  const mixed = MOTION.map((name) => {
    const [from, to] = [one[name as keyof Motion], other[name as keyof Motion]];
    // A zoom is a factor.
    return [name, name === 'zoom' ? from * (to / from) ** t : from + t * (to - from)];
  });
  return Object.fromEntries(mixed) as unknown as Motion;
}

/** What holds from a time on, once it has faded in. */
interface State {
  readonly at: number;
  readonly fade: number;
  readonly motion: Motion;
  readonly dream: DreamOptions;
}

/** What holds at each moment of a film. */
export class Schedule {
  readonly #states: readonly State[];

  constructor(motion: Motion, dream: DreamOptions, entries: readonly ScheduleEntry[]) {
    const states: State[] = [{ at: 0, fade: 0, motion, dream }];
    for (const entry of entries) {
      const before = states[states.length - 1] as State;
      states.push({
        at: entry.at,
        fade: entry.fade,
        motion: { ...before.motion, ...(entry.motion as Partial<Motion>) },
        dream: changed(before.dream, entry.dream, dream),
      });
    }
    this.#states = states;
  }

  /** All that is dreamed in the course of it. */
  get dreams(): readonly DreamOptions[] {
    return this.#states.map(({ dream }) => dream);
  }

  /** At a time in seconds. */
  at(time: number): Moment {
    const place = this.#states.findLastIndex((state) => state.at <= time);
    const state = this.#states[place] as State;
    const before = this.#states[place - 1];
    const done = state.fade === 0 ? 1 : eased(Math.min(1, (time - state.at) / state.fade));
    if (!before || done === 1) return { motion: state.motion, dreams: [{ options: state.dream, share: 1 }] };
    const motion = between(before.motion, state.motion, done);
    const now = { options: state.dream, share: done };
    // What does not change is dreamed once.
    if (before.dream === state.dream || JSON.stringify(before.dream, bigints) === JSON.stringify(state.dream, bigints))
      return { motion, dreams: [{ ...now, share: 1 }] };
    return { motion, dreams: [{ options: before.dream, share: 1 - done }, now] };
  }
}

function bigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
