import type { Frame } from './frame.js';
import type { Rational } from './rational.js';

/** Where frames come from: a film, or pictures. */
export interface FrameSource {
  /** A tick in seconds; known with the first frame. */
  readonly clock: Rational;
  /** How many there should be, where that is known; it may be wrong. */
  readonly expected: number | undefined;
  /** How many it claims to have, where its header counts them. */
  readonly promised: number | undefined;
  /** What was wrong with the source on the way, known at the end; empty where nothing was. */
  readonly complaint: string;
  frames(): AsyncGenerator<Frame, void, undefined>;
}

/** Where dreamed frames go. */
export interface FrameSink {
  /** @param clock of their times */
  write(frame: Frame, clock: Rational): Promise<void>;
  /** All are written: what they make is whole, and in its place. */
  finish(): Promise<void>;
  /** Nothing is to come of it. */
  abandon(): Promise<void>;
}
