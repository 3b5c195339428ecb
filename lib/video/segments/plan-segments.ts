import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { optionRangeError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import { readOptions } from '../../options/read.js';
import { VIDEO_STREAM_OPTIONS } from '../../options/video-options.js';
import { packageVersion } from '../../version.js';
import { aborted } from '../aborted.js';
import { ahead } from '../ahead.js';
import type { FramesInput } from '../find-frames.js';
import { openJob, type VideoJob, type VideoOutput } from '../job.js';
import { lengthNotes } from '../length-notes.js';
import { SceneCuts } from './begins-anew.js';
import { cutEvenly, cutScenes, type SegmentLengths, type Stretch } from './cut-scenes.js';
import { ffmpegOnce } from './ffmpeg-once.js';
import type { FrameMark, Segment, SegmentedFilm, SegmentRequest } from './film-plan.js';
import { frameHash } from './frame-hash.js';

export interface PlanSegments {
  readonly input: FramesInput;
  readonly request: SegmentRequest;
  /** Of segments, in frames; default 48, and 8 at least. */
  readonly most?: number | undefined;
  readonly least?: number | undefined;
  readonly signal: AbortSignal;
  /** How many frames were looked at, of how many that are expected. */
  readonly onFrames?: (looked: number, expected: number | undefined) => void;
}

const LENGTHS: SegmentLengths = { most: 48, least: 8 };
/** While a frame is looked at, the next is read. */
const READ_AHEAD = 2;
/** What hangs on how fast frames are dreamed, or on what else is. */
const UNREPEATABLE = ['targetFps', 'dropLate', 'together'] as const;

/** Throws a RangeError for options that cannot be kept in segments. */
function checkRequest({ stream, dream }: SegmentRequest): void {
  if (dream['size'] !== undefined) throw optionRangeError('size', "left to 'longestSide'", dream['size']);
  const given = stream as Readonly<Record<string, unknown>>;
  for (const name of UNREPEATABLE)
    if (given[name] !== undefined && given[name] !== false)
      throw optionRangeError(name, 'left out of a film that is dreamed in segments', given[name]);
  readOptions(VIDEO_STREAM_OPTIONS, stream);
}

function lengthsOf({ most = LENGTHS.most, least = LENGTHS.least }: PlanSegments): SegmentLengths {
  for (const [name, value] of Object.entries({ most, least }))
    if (!Number.isSafeInteger(value) || value < 1) throw optionRangeError(name, 'a whole number of frames', value);
  return { most, least };
}

/** What is known of a film's frames when all were looked at. */
interface Looked {
  readonly marks: readonly FrameMark[];
  /** Where the stream begins anew; undefined where frames do not hang together. */
  readonly cuts: readonly number[] | undefined;
}

async function look({ source }: VideoJob, { request, signal, onFrames }: PlanSegments): Promise<Looked> {
  const { coherence, sceneCut } = readOptions(VIDEO_STREAM_OPTIONS, request.stream);
  const scenes = coherence ? new SceneCuts(sceneCut) : undefined;
  const marks: FrameMark[] = [];
  const cuts: number[] = [];
  for await (const frame of ahead(source.frames(), READ_AHEAD)) {
    signal.throwIfAborted();
    if (await scenes?.begins(frame)) cuts.push(marks.length);
    marks.push([String(frame.time), String(frame.length), frameHash(frame)]);
    onFrames?.(marks.length, source.expected);
  }
  return { marks, cuts: scenes && cuts };
}

function segmentsOf({ marks, cuts }: Looked, lengths: SegmentLengths): Segment[] {
  const stretches = cuts ? cutScenes(cuts, marks.length, lengths) : cutEvenly(marks.length, lengths.most);
  const timeOf = (frame: number): bigint => BigInt(marks[frame]?.[0] ?? 0);
  return stretches.map(({ first, count, begins }: Stretch, index) => ({
    ...{ index, first, count, begins },
    leaves: stretches[index + 1]?.begins === 'carried',
    cuts: (cuts ?? []).filter((frame) => frame >= first && frame < first + count),
    gap: first === 0 ? 0 : Number(timeOf(first) - timeOf(first - 1)),
    marks: marks.slice(first, first + count),
  }));
}

/** Where a film would be written, of which none is: encoders are tried by beginning one. */
function outputIn(folder: string, { output }: SegmentRequest): VideoOutput {
  if (output.kind === 'pictures') return { kind: 'pictures', nameOf: () => '' };
  const file = (name: string): string => path.join(folder, `${name}${output.extension}`);
  return { kind: 'film', file: file('film'), temporary: file('trial') };
}

async function planIn(folder: string, given: PlanSegments): Promise<SegmentedFilm> {
  const { input, request, signal } = given;
  const lengths = lengthsOf(given);
  const { start, duration, longestSide, codec, quality, rate, output } = request;
  const asked = { input, start, duration, longestSide, codec, quality, rate };
  const job = await openJob({ request: asked, output: outputIn(folder, request), signal });
  const files = input.kind === 'film' ? [input.file] : input.files;
  const source: string[] = [];
  for (const file of files) source.push(await sha256OfFile(file, signal));
  const looked = await look(job, given);
  const frames = looked.marks.length;
  const made = input.kind === 'film' || output.kind === 'film';
  return {
    manifest: {
      ...{ livedream: packageVersion(), source, input: input.kind, request, size: job.size, frames },
      ...(made ? { ffmpeg: (await ffmpegOnce(signal)).version } : {}),
      clock: job.source.clock,
    },
    segments: segmentsOf(looked, lengths),
    notes: [...job.notes, ...lengthNotes(job.source, frames)],
  };
}

/**
 * Reads a film, or pictures, once, and cuts it in segments that can be dreamed apart.
 * Rejects as `openJob` does, and with a RangeError for options that cannot be kept in segments.
 */
export async function planSegments(given: PlanSegments): Promise<SegmentedFilm> {
  checkRequest(given.request);
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-plan-'));
  try {
    return await planIn(folder, given);
  } catch (error) {
    throw aborted(error, given.signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
