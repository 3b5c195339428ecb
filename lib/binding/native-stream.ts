// Frames of a stream: native/dream/stream_run.h.
import type { NativeDream } from './native-dream.js';

/** What a frame leaves to the next, on the engine's device. */
export interface NativeStreamState {
  readonly width: number;
  readonly height: number;
}

/** What a frame takes over from the one before. */
export interface NativeCoherence {
  /** 0..1, how much of what was carried along stays as it is. */
  readonly blend: number;
  /** How far the dream may go, in that of the first frame by itself. */
  readonly strength: number;
  /** 0..1: where less of the picture is known from before, the stream begins anew. */
  readonly sceneCut: number;
}

/** What a frame is dreamed of. */
export interface NativeStreamSource {
  /** RGB of the plan's last octave, copied at the call. */
  readonly source: Uint8Array | Float32Array;
  /** What a frame of the same size left; undefined for the first. */
  readonly before: NativeStreamState | undefined;
  readonly coherence: NativeCoherence;
}

export interface NativeStreamFrame extends NativeDream {
  readonly state: NativeStreamState;
  readonly carry: 'first' | 'cut' | 'carried';
  /** The share of the picture that is known from the frame before, 0..1. */
  readonly confidence: number;
  /** How much the dream changes the picture, on average of all its values, of 255. */
  readonly strength: number;
  /** Milliseconds of the search for motion. */
  readonly flow: number;
  /** Milliseconds of carrying along, and of what follows the steps. */
  readonly settle: number;
}

/** A state on the host, but for the frame that it was of. */
export interface NativeSavedState {
  /** What the dream changed, `width * height * 3`. */
  readonly change: Float32Array;
  /** What the stream's first frame was changed by on average, and each colour. */
  readonly strength: number;
  readonly mean: readonly number[];
}

/** Where what a picture shows was in another one, both of one size. */
export interface NativeOpticalFlow {
  /** Right and down, in pixels, `width * height * 2`: from each pixel to where it was. */
  readonly motion: Float32Array;
  /** 0..1, whether it was there to be seen, `width * height`. */
  readonly confidence: Float32Array;
}
