import { isDeepStrictEqual } from 'node:util';
import { LiveDreamError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import type { Size } from '../../size.js';
import { aborted } from '../aborted.js';
import type { FramesInput } from '../find-frames.js';
import type { Frame } from '../frame.js';
import { FrameFile } from '../frame-file.js';
import type { FrameSink } from '../frame-source.js';
import { openJob, openPlainFilm, pictureSink, type VideoOutput } from '../job.js';
import type { FilmPlan } from '../prepare-film.js';
import type { FrameMark, Segment, SegmentedFilm } from './film-plan.js';
import { mismatch } from './read-segment.js';

export interface JoinSegments {
  readonly film: SegmentedFilm;
  /** The film that was planned, whose sound it gets; of pictures nothing is needed any more. */
  readonly input?: FramesInput | undefined;
  /** The segments' frame files, in their order; each may be removed when the next is asked for. */
  readonly files: Iterable<string> | AsyncIterable<string>;
  readonly output: VideoOutput;
  readonly signal: AbortSignal;
  /** How many frames are written. */
  readonly onFrames?: (written: number) => void;
}

export interface JoinedFilm {
  readonly frames: number;
  readonly size: Size;
  /** Of a film: its encoding and tracks. */
  readonly plan: FilmPlan | undefined;
  readonly notes: readonly string[];
}

/** Where the frames go, and how. */
interface Opened {
  readonly sink: FrameSink;
  readonly size: Size;
  readonly plan: FilmPlan | undefined;
}

async function checkFilm({ film, signal }: JoinSegments, file: string): Promise<void> {
  const [planned] = film.manifest.source;
  const found = await sha256OfFile(file, signal);
  if (found !== planned)
    throw mismatch(`'${file}' is not the film that was planned: its SHA-256 is ${found}, not ${planned}`);
}

async function open(given: JoinSegments): Promise<Opened> {
  const { film, input, output, signal } = given;
  const { request, size, input: kind } = film.manifest;
  const { start, duration, longestSide, codec, quality, rate } = request;
  if (output.kind !== request.output.kind)
    throw mismatch(`What was planned becomes ${request.output.kind}, and is to be joined as ${output.kind}`);
  if (output.kind === 'pictures') return { sink: pictureSink(output.nameOf, quality), size, plan: undefined };
  if (kind === 'pictures') {
    const { plan, sink } = await openPlainFilm({ ...output, size, rate, codec, quality, signal });
    return { sink, size: plan.size, plan };
  }
  if (input?.kind !== 'film') throw mismatch('A film is joined with its own sound, and it was not given');
  await checkFilm(given, input.file);
  const asked = { input, start, duration, longestSide, codec, quality, rate };
  return openJob({ request: asked, output, signal });
}

/** Throws where a frame is not the one of the plan. */
function checkFrame(frame: Frame, number: number, [time, length]: FrameMark, size: Size | undefined): void {
  if (frame.time !== BigInt(time) || frame.length !== BigInt(length))
    throw mismatch(`Frame ${number} is of another time than was planned`);
  if (size && (frame.width !== size.width || frame.height !== size.height))
    throw mismatch(`Frame ${number} has ${frame.width} x ${frame.height} pixels, not ${size.width} x ${size.height}`);
}

async function* framesOf(file: string, { index, first, count, marks }: Segment, size: Size | undefined) {
  const unreadable = (error: unknown): Error => {
    const why = error instanceof Error ? error.message : String(error);
    return mismatch(`The frames of segment ${index} cannot be read from '${file}': ${why}`, error);
  };
  const kept = await FrameFile.read(file, first).catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    if (kept.count !== count) throw mismatch(`Segment ${index} has ${count} frames, and '${file}' ${kept.count}`);
    let place = 0;
    for await (const frame of kept.frames()) {
      checkFrame(frame, first + place, marks[place] as FrameMark, size);
      yield frame;
      place += 1;
    }
  } catch (error) {
    throw error instanceof LiveDreamError ? error : unreadable(error);
  } finally {
    await kept.close();
  }
}

/** Throws where segments do not follow each other from the first frame to the last. */
function checkSegments({ manifest, segments }: SegmentedFilm): void {
  let next = 0;
  for (const [place, { index, first, count, marks }] of segments.entries()) {
    if (index !== place || first !== next || marks.length !== count)
      throw mismatch(`Segment ${index} begins with frame ${first}, and frame ${next} is due`);
    next += count;
  }
  if (next !== manifest.frames) throw mismatch(`The segments have ${next} frames, and the film ${manifest.frames}`);
}

async function* each<T>(source: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield* source;
}

async function write({ film, files, signal, onFrames }: JoinSegments, sink: FrameSink): Promise<number> {
  const { manifest, segments } = film;
  const given = each(files);
  // Pictures may have sizes of their own.
  const size = manifest.request.output.kind === 'film' ? manifest.size : undefined;
  let written = 0;
  try {
    for (const segment of segments) {
      signal.throwIfAborted();
      const { done, value: file } = await given.next();
      if (done) throw mismatch(`The frames of segment ${segment.index} are missing`);
      for await (const frame of framesOf(file, segment, size)) {
        await sink.write(frame, manifest.clock);
        written += 1;
        onFrames?.(written);
      }
    }
    if (!(await given.next()).done) throw mismatch(`There are more files than the ${segments.length} segments`);
  } finally {
    await given.return();
  }
  return written;
}

async function join(given: JoinSegments): Promise<JoinedFilm> {
  const { film } = given;
  checkSegments(film);
  const { sink, size, plan } = await open(given);
  if (!isDeepStrictEqual(size, film.manifest.size))
    throw mismatch(`The film is written with other sizes here than where it was planned`);
  try {
    const frames = await write(given, sink);
    await sink.finish();
    return { frames, size, plan, notes: film.notes };
  } catch (error) {
    await sink.abandon().catch(() => undefined);
    throw error;
  }
}

/**
 * Writes a film, or pictures, of the frames of its segments: to the byte what one run writes. Nothing is there at the end where it
 * rejects: with ERR_LIVEDREAM_SEGMENT_MISMATCH where a frame is missing, damaged, double or another one, ERR_LIVEDREAM_ABORTED,
 * or as films do.
 */
export async function joinSegments(given: JoinSegments): Promise<JoinedFilm> {
  try {
    return await join(given);
  } catch (error) {
    throw aborted(error, given.signal);
  }
}
