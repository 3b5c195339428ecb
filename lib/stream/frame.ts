import { Dream, type DreamParts } from '../dream.js';
import { isRawPicture, isSharp, type PictureInput } from '../image/source.js';
import type { ChangedOptions } from '../options/stream-options.js';
import type { Carry, StreamCheckpoint } from './checkpoint.js';

/** A frame with options of its own, from this one on, and whatever is to come out with its dream. */
export interface FrameInput<T = unknown> {
  readonly picture: PictureInput;
  /** Change those of the stream, until other ones do. */
  readonly options?: ChangedOptions | undefined;
  readonly tag?: T | undefined;
}

/** What a stream takes: pictures, or pictures with options. */
export type StreamInput<T = unknown> = PictureInput | FrameInput<T>;

/** All there or coming. */
export type StreamFrames<T = unknown> = Iterable<StreamInput<T>> | AsyncIterable<StreamInput<T>>;

export function frameInput<T>(input: StreamInput<T>): FrameInput<T> {
  const isPicture = typeof input !== 'object' || input === null || isRawPicture(input) || isSharp(input);
  return isPicture || !('picture' in input) ? { picture: input as PictureInput } : input;
}

/** Where a frame's time went, in milliseconds, beside what `timings` tell. */
export interface FrameStages {
  /** From when the frame was taken from the source to when its decoding began. */
  readonly wait: number;
  /** The search for motion. */
  readonly flow: number;
  /** Carrying the last dream along, and holding strength and brightness after the steps. */
  readonly settle: number;
  /** From the end of decoding to the result. */
  readonly dream: number;
}

/** What a streamed frame is more than a dream. */
export type StreamedParts<T> = Pick<StreamedFrame<T>, Exclude<keyof StreamedFrame<T>, keyof Dream>>;

/**
 * A dreamed frame of a stream: a Dream, whose `parameters` are the options in force, and what is known of its place.
 * @example
 * ```ts
 * for await (const frame of dreamer.stream(['frame-1.jpg', 'frame-2.jpg'], { preset: 'live' })) {
 *   const { index, carry, strength, stages } = frame;
 *   console.log(index, carry, strength, `${stages.dream} ms`);
 *   await frame.toFile(`dreamed-${index}.png`);
 * }
 * ```
 */
export class StreamedFrame<T = unknown> extends Dream {
  /** Its place among the frames of the source, from 0; dropped ones count. */
  readonly index: number;
  /** As it was given with the frame. */
  readonly tag: T | undefined;
  readonly carry: Carry;
  /** The share of the picture that is known from the frame before, 0..1. */
  readonly confidence: number;
  /** How much the dream changes the picture, on average of all its values, of 255. */
  readonly strength: number;
  /** Frames that were dropped since the one before: `dropLate`. */
  readonly dropped: number;
  readonly stages: FrameStages;
  readonly #checkpoint: () => Promise<StreamCheckpoint>;

  constructor(dream: DreamParts, parts: StreamedParts<T>) {
    super(dream);
    this.index = parts.index;
    this.tag = parts.tag;
    this.carry = parts.carry;
    this.confidence = parts.confidence;
    this.strength = parts.strength;
    this.dropped = parts.dropped;
    this.stages = parts.stages;
    this.#checkpoint = parts.checkpoint;
  }

  /**
   * What the stream had come to with this frame: given as `from`, another stream goes on from it, byte for byte the same.
   * @example
   * ```ts
   * import type { StreamCheckpoint } from 'livedream';
   *
   * let from: StreamCheckpoint | undefined;
   * for await (const frame of dreamer.stream(['frame-1.jpg'], { preset: 'live' })) from = await frame.checkpoint();
   * for await (const frame of dreamer.stream(['frame-2.jpg'], { preset: 'live', from })) console.log(frame.carry); // carried
   * ```
   */
  checkpoint(): Promise<StreamCheckpoint> {
    return this.#checkpoint();
  }
}
