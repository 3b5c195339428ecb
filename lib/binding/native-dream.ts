// What goes into a dream and comes out of it, besides its plan.

export type NativePicture = Uint8Array | Float32Array | NativeFrame;

/** A picture that stays on an engine's device between jobs; freed when it is collected. */
export interface NativeFrame {
  readonly width: number;
  readonly height: number;
}

export interface NativeProgress {
  /** 0 is the smallest. */
  readonly octave: number;
  /** Iterations done in this octave. */
  readonly iteration: number;
  /** The objective before the last update, averaged over tiles and pictures. */
  readonly objective: number;
}

/** uint8, RGB, of its octave's size. */
export interface NativePreview extends Omit<NativeProgress, 'objective'> {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface NativeDream {
  /** RGB, `pictures * height * width * 3`, of the last octave that ran. */
  readonly data: Uint8Array | Float32Array;
  /** The objective before each update, octave after octave, each time of all pictures in turn. */
  readonly objectives: readonly number[];
  /** Of each picture, whether any gradient was not zero everywhere. */
  readonly moved: readonly boolean[];
  readonly timings: NativeTimings;
}

/** A dream with `output: 'frame'`. */
export interface NativeFrameDream extends Omit<NativeDream, 'data'> {
  readonly frame: NativeFrame;
}

/** In milliseconds. */
export interface NativeTimings {
  readonly queued: number;
  /** Building and compiling programs, and first runs as far as they are not told apart; 0 where all were in the cache. */
  readonly compile: number;
  /** Gradient-ascent steps. */
  readonly steps: number;
  /** Octave changes, upload and download. */
  readonly transfer: number;
  readonly total: number;
  /** Programs that this dream had to build. */
  readonly programsBuilt: number;
  /** Programs that XLA compiled for it. */
  readonly compilations: number;
  /** Programs whose compiled form came from the cache on disk instead. */
  readonly compilationsFromCache: number;
}

/** Over all positions of a layer, for each channel. */
export interface NativeAnswers {
  readonly mean: Float32Array;
  readonly most: Float32Array;
  readonly meanSquare: Float32Array;
}

export interface NativeGradient {
  readonly data: Float32Array;
  readonly objective: number;
}
