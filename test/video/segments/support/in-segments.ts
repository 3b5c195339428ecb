import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Dreamer } from '../../../../lib/dreamer.js';
import type { FramesInput } from '../../../../lib/video/find-frames.js';
import type { VideoOutput } from '../../../../lib/video/job.js';
import { type DreamedSegment, dreamSegment } from '../../../../lib/video/segments/dream-segment.js';
import type { Segment, SegmentedFilm, SegmentRequest } from '../../../../lib/video/segments/film-plan.js';
import { type JoinedFilm, joinSegments } from '../../../../lib/video/segments/join-segments.js';
import { planSegments } from '../../../../lib/video/segments/plan-segments.js';

/** As `--octaves 1 --iterations 1`. */
export const QUICK = { octaves: 1, iterations: 1 } as const;
export const QUICK_FLAGS = ['--octaves', '1', '--iterations', '1'] as const;

export const never: AbortSignal = new AbortController().signal;

/** What travels in a job. */
export function travelled<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The input of a segment: pictures are only its own. */
export function inputOf(input: FramesInput, { first, count }: Segment): FramesInput {
  return input.kind === 'film' ? input : { kind: 'pictures', files: input.files.slice(first, first + count) };
}

/** Segments that hang together, the last chain first: what a farm may do. */
function chains(segments: readonly Segment[]): Segment[][] {
  const found: Segment[][] = [];
  for (const segment of segments)
    if (segment.begins === 'anew') found.push([segment]);
    else found.at(-1)?.push(segment);
  return found.reverse();
}

export interface InSegments {
  readonly dreamer: Dreamer;
  readonly input: FramesInput;
  readonly request: Partial<SegmentRequest> & Pick<SegmentRequest, 'output'>;
  readonly output: VideoOutput;
  /** For the segments' frames. */
  readonly folder: string;
  readonly most?: number;
  readonly least?: number;
}

export interface Made {
  readonly film: SegmentedFilm;
  readonly segments: readonly DreamedSegment[];
  readonly joined: JoinedFilm;
}

export function requestOf(request: InSegments['request']): SegmentRequest {
  return { rate: 25, stream: {}, dream: QUICK, ...request };
}

export function frameFile(folder: string, index: number): string {
  return path.join(folder, `${index}.frames`);
}

/** Dreams of all segments, the chains backwards. */
export async function dreamSegments(
  { dreamer, input, folder }: Pick<InSegments, 'dreamer' | 'input' | 'folder'>,
  { manifest, segments }: SegmentedFilm,
): Promise<DreamedSegment[]> {
  await mkdir(folder, { recursive: true });
  const done: DreamedSegment[] = [];
  for (const chain of chains(segments)) {
    let checkpoint: Buffer | undefined;
    for (const segment of chain) {
      const given = { manifest: travelled(manifest), segment: travelled(segment), input: inputOf(input, segment) };
      const file = frameFile(folder, segment.index);
      const dreamed = await dreamSegment({ ...given, checkpoint, dreamer, file, signal: never });
      done[segment.index] = dreamed;
      checkpoint = dreamed.checkpoint;
    }
  }
  return done;
}

/** Plans, dreams and joins a film. */
export async function inSegments(given: InSegments): Promise<Made> {
  const { input, output, folder, most, least } = given;
  const film = travelled(await planSegments({ input, request: requestOf(given.request), most, least, signal: never }));
  const segments = await dreamSegments(given, film);
  const files = film.segments.map(({ index }) => frameFile(folder, index));
  const joined = await joinSegments({ film, input, files, output, signal: never });
  return { film, segments, joined };
}
