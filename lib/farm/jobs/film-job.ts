import * as v from 'valibot';
import { LiveDreamError } from '../../errors.js';
import type { Segment, SegmentedFilm } from '../../video/segments/film-plan.js';
import { storedJson } from '../store/json.js';
import { checkKey, keyOf } from '../store/keys.js';
import type { FarmStore } from '../store/store.js';
import { NEEDS, type Needs } from './needs.js';

const SECONDS = v.pipe(v.number(), v.minValue(0), v.maxValue(1e9));
const FIELDS = v.record(v.string(), v.unknown());

/** What a film is asked to become: `SegmentRequest`. Names of files and programs come of some of it. */
const REQUEST = v.strictObject({
  start: v.optional(SECONDS),
  duration: v.optional(SECONDS),
  longestSide: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536))),
  output: v.variant('kind', [
    v.strictObject({ kind: v.literal('film'), extension: v.pipe(v.string(), v.regex(/^\.[a-z0-9]{1,8}$/)) }),
    v.strictObject({ kind: v.literal('pictures'), extension: v.pipe(v.string(), v.regex(/^\.[a-z0-9]{1,8}$/)) }),
  ]),
  codec: v.optional(v.pipe(v.string(), v.regex(/^\w[\w-]{0,39}$/))),
  quality: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  rate: v.pipe(v.number(), v.gtValue(0), v.maxValue(100_000)),
  stream: FIELDS,
  dream: FIELDS,
});

/** A film to be dreamed: it is planned, waits for its segments, and is joined. */
export const FILM_JOB = v.strictObject({
  kind: v.literal('film'),
  needs: NEEDS,
  /** Keys in the store: of one film, or of pictures in their order. */
  input: v.strictObject({ kind: v.picklist(['film', 'pictures']), keys: v.pipe(v.array(v.string()), v.minLength(1)) }),
  request: REQUEST,
  /** Frames of a segment, at most. */
  segment: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type FilmJob = v.InferOutput<typeof FILM_JOB>;

/** Frames of a film to be dreamed; which, and of what, stands in the film's plan. */
export const SEGMENT_JOB = v.strictObject({
  kind: v.literal('segment'),
  needs: NEEDS,
  film: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type SegmentJob = v.InferOutput<typeof SEGMENT_JOB>;

/** A film cut in segments, what is read for it, and what their workers need: all that the worker is that planned it. */
export interface PlannedFilm extends SegmentedFilm {
  readonly job: FilmJob;
  readonly needs: Required<Needs>;
}

/** What came of a segment. */
export interface SegmentDone {
  readonly film: string;
  readonly index: number;
  readonly frames: number;
  readonly worker: string;
  readonly machine: string;
  readonly warnings: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What came of a film. */
export interface FilmDone {
  /** Keys of the film, or of its pictures in their order. */
  readonly results: readonly string[];
  readonly frames: number;
  readonly segments: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string | undefined;
  readonly pixels: string | undefined;
  readonly tracks: unknown;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The names of all machines that dreamed of it: of one, all frames have the bytes that it alone would have given. */
  readonly machines: readonly string[];
}

/** The job of a segment of a planned film. */
export function segmentJob(film: string, { needs }: PlannedFilm, { index }: Segment): SegmentJob {
  return { kind: 'segment', needs, film, index };
}

export function planKey(film: string): string {
  return keyOf('plans', `${film}.json`);
}

export function framesKey(segment: string): string {
  return keyOf('frames', segment);
}

export function stateKey(segment: string): string {
  return keyOf('states', segment);
}

/** The plan of a film, where it was made. */
export function planOf(store: FarmStore, film: string): Promise<PlannedFilm | undefined> {
  return storedJson<PlannedFilm>(store, planKey(film));
}

/** Throws ERR_LIVEDREAM_FARM_JOB for a key that is none. */
export function checkInput({ input }: FilmJob): void {
  input.keys.forEach(checkKey);
  if (input.kind === 'film' && input.keys.length !== 1)
    throw new LiveDreamError('ERR_LIVEDREAM_FARM_JOB', `A film is one file, and the job names ${input.keys.length}.`);
}
