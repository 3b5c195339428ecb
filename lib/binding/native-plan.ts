// What an engine is asked to do: native/dream/plan.h.
import type { EngineOptions, OctaveOptions } from '../options/dream-options.js';

/** Set from JavaScript's thread, looked at by the engine's between steps. */
export interface NativeCancellation {
  cancel(): void;
}

export interface NativeOctave {
  /** Of one size, dreamed side by side; more than one only where each is one tile. */
  readonly pictures: number;
  readonly height: number;
  readonly width: number;
  /** Equal tiles: `rows * tileHeight >= height`, what reaches over wraps round. One tile of the octave's size: 1 x 1. */
  readonly rows: number;
  readonly columns: number;
  readonly tileHeight: number;
  readonly tileWidth: number;
  /** Tiles a gradient program takes at once; divides `rows * columns`. */
  readonly batch: number;
  /** Of one tile that wraps: how much of the other side it has beyond each edge; left out nothing. */
  readonly margin?: number;
}

/** One summand of what is climbed. */
export interface NativeTerm {
  readonly layer: string;
  /**
   * `channels`: the mean of the weighted channels; `layer`: the mean of all squares; `evenPositions` and `evenChannels`: the mean
   * of the root mean square of each position, or channel; `guideDot` and `guideStatistics`: likeness to a guide.
   */
  readonly kind: 'channels' | 'layer' | 'evenPositions' | 'evenChannels' | 'guideDot' | 'guideStatistics';
  readonly weight: number;
  /** Which of the plan's regions it is climbed in; left out everywhere. */
  readonly region?: number;
  readonly channels: readonly { readonly channel: number; readonly weight: number }[];
  /** Whether its push is brought to a strength that its weight alone decides: native/dream/balance.h. Left out false. */
  readonly balanced?: boolean;
  /** Of the last two kinds: what `features` gave of the guide, and what tells it from others. */
  readonly guide?: { readonly key: string; readonly rows: number; readonly values: Float32Array };
}

/** Of the network's arithmetic: native/dream/precision.h. */
export type NativePrecision = 'float32' | 'bfloat16' | 'float16';

/** native/dream/rewrites.h. */
export type NativeRewrite =
  | 'stridedGradient'
  | 'responseKernel'
  | 'maxPoolKernel'
  | 'maskedSum'
  | 'mergedSiblings'
  | 'maxPoolMaxima'
  | 'maxPoolMasks'
  | 'responseExpression'
  | 'plainGradient'
  | 'winograd';

/** How programs are built and run. */
export interface NativeMode {
  /** Compiled by XLA, without exception, or TensorFlow's ordinary kernels. */
  readonly xla: boolean;
  readonly precision: NativePrecision;
  /** What is computed in another way than the graph says: native/dream/rewrites.h. */
  readonly rewrites: readonly NativeRewrite[];
  /** Who goes from step to step: the engine, a program a step, or with XLA the compiled program. Left out `native`. */
  readonly loop?: 'native' | 'compiled';
}

/** With the options that reach the engine as they are, or for each octave, which the table of options tells. */
export interface NativePlan extends EngineOptions, OctaveOptions {
  /** Of each picture the sum of these terms, which may be on several layers; pictures differ in channels and weights alone. */
  readonly objectives: readonly (readonly NativeTerm[])[];
  /** Smallest first; the last has the picture's size. */
  readonly octaves: readonly NativeOctave[];
  /** The same of terms that say which; then there is a mask, of all of them, and each octave is one batch. */
  readonly regions?: readonly Uint8Array[];
  /** Where to dream and how strongly: a byte a pixel of the last octave; left out everywhere. */
  readonly mask?: Uint8Array;
  readonly mode: NativeMode;
  /** Whether to compile and try the next octaves' programs beside the steps of this one, with XLA on a CPU; left out false. */
  readonly prefetch?: boolean;
  /** `uint8`: clipped and rounded; `float32`: neither; `frame`: neither, and kept on the device. */
  readonly output: 'uint8' | 'float32' | 'frame';
}
