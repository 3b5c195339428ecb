import type { DreamOptions } from '../../options/dream-options.js';
import type { Motion } from '../../options/zoom-options.js';
import { Schedule, type ScheduleEntry } from './schedule.js';

export interface Morph {
  readonly filters: readonly string[];
  /** In seconds. */
  readonly duration: number;
  /** What part of the time is spent on the way from one filter to the next. */
  readonly fade: number;
  /** Whether it ends as it begins. */
  readonly seamless: boolean;
  readonly palette: number;
  /** Of all filters, below none. */
  readonly dream: DreamOptions;
}

/** Nothing moves but what is dreamed. */
function still(palette: number): Motion {
  return { zoom: 1, rotate: 0, driftX: 0, driftY: 0, palette };
}

/**
 * Each filter in its turn, for the same time. In a loop the last fades into the first, and is done at the end; otherwise the
 * film ends with the last filter at rest.
 */
export function morphSchedule({ filters, duration, fade, seamless, palette, dream }: Morph): Schedule {
  const [first = '', ...others] = filters;
  const turns = [...others, ...(seamless && others.length > 0 ? [first] : [])];
  const turn = duration / (seamless ? Math.max(1, turns.length) : filters.length);
  const entries = turns.map(
    (filter, place): ScheduleEntry => ({
      at: (place + 1) * turn - fade * turn,
      fade: fade * turn,
      motion: {},
      dream: { filter },
    }),
  );
  return new Schedule(still(palette), { ...dream, filter: first } as DreamOptions, entries);
}
