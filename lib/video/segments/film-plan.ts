// Films in segments, which several processes dream: joined they are, to the byte, the film that one run makes.
//
//   const plan = await planSegments({ input, request });                        once: reads the film, finds its scenes
//   const done = await dreamSegment({ manifest, segment, input, ... });         anywhere: plain JSON, the film, a checkpoint
//   const film = await joinSegments({ plan, input, files, output });            once: with the sound of the film
//
// Where a scene begins, the stream begins anew and needs nothing but the frame's number: such segments are dreamed in any order.
// A segment that begins inside a scene needs the checkpoint that the one before left. What is known of a frame is its place, its
// time and what its pixels hash to, so that no segment is dreamed of other frames than those that were planned, however they were
// found. Everything here is plain JSON and files; nothing knows where they travel.
import type { VideoStreamOptions } from '../../options/video-options.js';
import type { Size } from '../../size.js';
import type { Rational } from '../rational.js';

/** What a film is asked to become. Plain JSON. */
export interface SegmentRequest {
  /** Seconds, of the film. */
  readonly start?: number | undefined;
  readonly duration?: number | undefined;
  /** Of the frames; left out: their own. */
  readonly longestSide?: number | undefined;
  /** A film of this extension, such as `.mp4`, or pictures. */
  readonly output: { readonly kind: 'film'; readonly extension: string } | { readonly kind: 'pictures' };
  readonly codec?: string | undefined;
  readonly quality?: number | undefined;
  /** Of pictures that become a film, frames a second. */
  readonly rate: number;
  /** How frames hang together. */
  readonly stream: VideoStreamOptions;
  /** What each frame is dreamed with, without its size, as JSON has it. */
  readonly dream: Readonly<Record<string, unknown>>;
}

/** All that the frames and the joined film hang on beside the network and the machine. Plain JSON. */
export interface SegmentManifest {
  /** Of livedream, and of the ffmpeg that planned. */
  readonly livedream: string;
  readonly ffmpeg?: string | undefined;
  /** SHA-256 of the film, or of each picture. */
  readonly source: readonly string[];
  readonly input: 'film' | 'pictures';
  readonly request: SegmentRequest;
  /** That frames are read in: of a film each, of pictures that become one the first, which all are like. */
  readonly size: Size;
  /** A tick of all times, in seconds. */
  readonly clock: Rational;
  readonly frames: number;
}

/** A frame by its time and length, in ticks as digits, and by what its pixels hash to. */
export type FrameMark = readonly [time: string, length: string, hash: string];

/** Frames that are dreamed one after another. Plain JSON. */
export interface Segment {
  readonly index: number;
  /** The number of its first frame, and how many they are. */
  readonly first: number;
  readonly count: number;
  /** Whether it needs the checkpoint that the segment before left. */
  readonly begins: 'anew' | 'carried';
  /** Whether the segment behind needs this one's checkpoint. */
  readonly leaves: boolean;
  /** Numbers of frames where the stream begins anew: of its first, and of short scenes that are in it too. */
  readonly cuts: readonly number[];
  /** Ticks from the frame before the first; 0 where there is none. */
  readonly gap: number;
  readonly marks: readonly FrameMark[];
}

/** A film cut in segments. Plain JSON. */
export interface SegmentedFilm {
  readonly manifest: SegmentManifest;
  readonly segments: readonly Segment[];
  /** What becomes of the film otherwise than one would expect, in sentences. */
  readonly notes: readonly string[];
}
