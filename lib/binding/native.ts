import type {
  NativeAnswers,
  NativeDream,
  NativeFrame,
  NativeFrameDream,
  NativeGradient,
  NativePicture,
  NativePreview,
  NativeProgress,
  NativeTimings,
} from './native-dream.js';
import type { NativeModel, NativeModelSpec } from './native-model.js';
import type { NativeCancellation, NativePlan, NativePrecision } from './native-plan.js';
import type {
  NativeOpticalFlow,
  NativeSavedState,
  NativeStreamFrame,
  NativeStreamSource,
  NativeStreamState,
} from './native-stream.js';

export type * from './native-dream.js';
export type * from './native-model.js';
export type * from './native-plan.js';
export type * from './native-stream.js';

/**
 * What the native addon exports: the raw binding below the friendly API. Nothing above `lib/binding` names these types but
 * the Dreamer, which turns validated plans into them. Errors come as `Error` with `code`, and where they apply `detail`
 * (TensorFlow's own text), `octave` and `iteration`.
 */
export interface NativeAddon {
  /**
   * Opens libtensorflow, once in the process; a second call with the same paths answers at once.
   * @param framework absolute path of libtensorflow_framework
   * @param library absolute path of libtensorflow_cc
   * @param compileCache where XLA keeps what it compiles, for the whole process; left out it keeps nothing
   */
  openLibrary(
    framework: string,
    library: string,
    verbose: boolean,
    compileCache?: NativeCompileCache,
  ): Promise<NativeLibrary>;
  /**
   * Reads and checks a graph, once for all engines that dream with it; the library must be open. The bytes are copied.
   * Cancelled, it ends soon.
   */
  importModel(model: NativeModelSpec, cancellation: NativeCancellation): Promise<NativeModel>;
  /**
   * The devices TensorFlow sees; the library must be open.
   * @param gpuMemoryFraction as in an engine's settings: the first to see a GPU decides for the process
   */
  devices(gpuMemoryFraction?: number): Promise<NativeDevice[]>;
  /** What the processor computes bfloat16 with. */
  bfloat16Unit(): 'none' | 'avx512' | 'amx';
  /**
   * How fast an engine's device computes a large 3x3 convolution in its precision, by TensorFlow's ordinary kernels; the library
   * must be open.
   */
  convolutionPeak(settings: NativeEngineSettings, cancellation: NativeCancellation): Promise<NativePeak>;
  /** Where what is seen now was before: RGB in bytes, copied at the call. The library need not be open. */
  opticalFlow(now: Uint8Array, before: Uint8Array, width: number, height: number): Promise<NativeOpticalFlow>;
  /** The share of a picture that a stream of such frames takes as known from the one before, 0..1: a stream frame's confidence. */
  knownShare(
    now: Uint8Array | Float32Array,
    before: Uint8Array | Float32Array,
    width: number,
    height: number,
  ): Promise<number>;
  /** What V8 was told of as external memory by all engines of this thread; `process.memoryUsage()` leaves it out. */
  externalBytes(): number;
  readonly Engine: new (settings: NativeEngineSettings) => NativeEngine;
  readonly Cancellation: new () => NativeCancellation;
}

export interface NativePeak {
  /** Floating-point, of one trial. */
  readonly operations: number;
  /** Of each trial. */
  readonly milliseconds: readonly number[];
}

export interface NativeCompileCache {
  /** Of all machines. */
  readonly folder: string;
  /** The name of this machine's folder in it: what machine code depends on. */
  readonly machine: string;
  /** Of all machines' entries together. */
  readonly limitBytes: number;
}

export interface NativeLibrary {
  readonly version: string;
  readonly path: string;
  /** What it logged while it was opened, a line each; kept from stderr. */
  readonly messages: string;
  /** Why it keeps nothing that XLA compiled, though it was asked to. */
  readonly compileCacheProblem?: string;
}

export interface NativeDevice {
  /** TensorFlow's short name, such as `CPU:0` or `GPU:1`. */
  readonly name: string;
  readonly type: string;
  /** As TensorFlow reports it, in bytes. */
  readonly memoryBytes: number;
}

export interface NativeEngineSettings {
  /** Such as `CPU:0`. */
  readonly device: string;
  /** Limit of the program cache, in bytes. */
  readonly programCacheBytes: number;
  /** Of the weights, and of all plans. */
  readonly precision: NativePrecision;
  /** How many jobs may wait; one more rejects with ERR_LIVEDREAM_QUEUE_FULL. */
  readonly queueLimit: number;
  /** Threads inside one operation; 0 leaves it to TensorFlow. */
  readonly threads: number;
  /**
   * What part of each GPU's memory may be taken, as it grows; left out all that is free. Fixed once in the process, and another
   * one is refused with ERR_LIVEDREAM_DEVICE_UNAVAILABLE.
   */
  readonly gpuMemoryFraction?: number;
}

/** One operation as it ran once; times in milliseconds since the first of all. Public as ProfiledOperation. */
export interface NativeTracedOperation {
  /** Of its node in the graph that TensorFlow made of the program. */
  readonly name: string;
  /** Such as `Conv2D`; one that starts with `_` TensorFlow made of several. */
  readonly operation: string;
  /** Such as `CPU:0`; of a GPU what TensorFlow calls its streams. */
  readonly device: string;
  readonly begin: number;
  readonly end: number;
}

/** One run of a program. Public as ProfiledProgram. */
export interface NativeTrace {
  /** Such as `a step of a picture of 96 x 64 pixels on 'mixed4d'`. */
  readonly program: string;
  readonly octave: number;
  readonly iteration: number;
  /** In the order of their beginnings. */
  readonly operations: readonly NativeTracedOperation[];
}

/** Counters of an engine since it was made: they show that nothing is done twice. Public as Statistics. */
export interface NativeStatistics {
  readonly graphImports: number;
  readonly weightUploads: number;
  readonly programsBuilt: number;
  readonly programsEvicted: number;
  readonly programsCached: number;
  /** What the cached programs take, estimated. */
  readonly programBytes: number;
  readonly weightBytes: number;
  /** What V8 was told of as external memory, so that it collects a forgotten Dreamer in time. */
  readonly externalBytes: number;
  readonly steps: number;
}

export interface NativeEngine {
  /** Puts the weights on the device. */
  load(model: NativeModel): Promise<void>;
  /** Builds, compiles and runs once every program of the plan, without a picture. */
  warmUp(plan: NativePlan, cancellation: NativeCancellation): Promise<NativeTimings>;
  /** @param picture RGB, `pictures * height * width * 3` of the last octave, copied at the call; or a frame of this engine. */
  dream(
    plan: NativePlan & { readonly output: 'frame' },
    picture: NativePicture,
    cancellation: NativeCancellation,
    onProgress?: (progress: NativeProgress) => void,
  ): Promise<NativeFrameDream>;
  dream(
    plan: NativePlan,
    picture: NativePicture,
    cancellation: NativeCancellation,
    onProgress?: (progress: NativeProgress) => void,
    onPreview?: (preview: NativePreview) => void,
    /** Milliseconds from one preview to the next at least. */
    previewInterval?: number,
  ): Promise<NativeDream>;
  /** Puts a picture on the device without dreaming. */
  upload(picture: Uint8Array | Float32Array, width: number, height: number): Promise<NativeFrame>;
  download(frame: NativeFrame, output: 'uint8' | 'float32'): Promise<Uint8Array | Float32Array>;
  /** The objective's gradient by the picture, at the size of the plan's last octave, untiled or tiled as it says, no jitter. */
  gradient(plan: NativePlan, picture: NativePicture, cancellation: NativeCancellation): Promise<NativeGradient>;
  /**
   * Dreams as `dream` would, for when each operation of each step ran; the dream is given up. The plan's loop is native, by
   * ordinary kernels.
   */
  trace(plan: NativePlan, picture: NativePicture, cancellation: NativeCancellation): Promise<readonly NativeTrace[]>;
  /** What the channels of the objective's layer answer to a picture of the plan's last octave, which is one tile. */
  answers(plan: NativePlan, picture: NativePicture, cancellation: NativeCancellation): Promise<NativeAnswers>;
  /**
   * What a guide's part of the objective's first term is, of a guide of the plan's last octave, which is one tile: for `guideDot`
   * what the layer answers at each position, for `guideStatistics` the mean products of its channels.
   */
  features(plan: NativePlan, guide: NativePicture, cancellation: NativeCancellation): Promise<Float32Array>;
  /**
   * Frames of streams, as many as the plan has pictures, and what each leaves to the next of its stream.
   */
  dreamFrames(
    plan: NativePlan,
    frames: readonly NativeStreamSource[],
    cancellation: NativeCancellation,
  ): Promise<NativeStreamFrame[]>;
  /** As warmUp, with what frames of a stream need besides. */
  warmUpStream(plan: NativePlan, cancellation: NativeCancellation): Promise<NativeTimings>;
  saveState(state: NativeStreamState): Promise<NativeSavedState>;
  /** @param saved with the frame that it was of: RGB in bytes or floats */
  restoreState(
    saved: NativeSavedState & {
      readonly source: Uint8Array | Float32Array;
      readonly width: number;
      readonly height: number;
    },
  ): Promise<NativeStreamState>;
  statistics(): NativeStatistics;
  /** Cancels what runs and waits, ends the thread, frees everything. Idempotent. */
  dispose(): Promise<void>;
}
