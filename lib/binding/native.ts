import type { EngineOptions, OctaveOptions } from '../options/dream-options.js';

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
  /** The devices TensorFlow sees; the library must be open. */
  devices(): Promise<NativeDevice[]>;
  /** What the processor computes bfloat16 with. */
  bfloat16Unit(): 'none' | 'avx512' | 'amx';
  /** What V8 was told of as external memory by all engines of this thread; `process.memoryUsage()` leaves it out. */
  externalBytes(): number;
  readonly Engine: new (settings: NativeEngineSettings) => NativeEngine;
  readonly Cancellation: new () => NativeCancellation;
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
}

/** Set from JavaScript's thread, looked at by the engine's between steps. */
export interface NativeCancellation {
  cancel(): void;
}

export interface NativeModelSpec {
  /** A serialized GraphDef, or with a checkpoint the saved_model.pb. */
  readonly graph: Uint8Array;
  /** Of a SavedModel: `DIR/variables/variables`. */
  readonly checkpoint?: string;
  /** Of a SavedModel; left out its default. */
  readonly signature?: string;
  /** The node that takes the picture; left out it is looked for. */
  readonly input?: string;
  /** Values of other placeholders. */
  readonly feeds?: readonly NativeFeed[];
  /** The order in which the network takes the colours. */
  readonly channelOrder: 'rgb' | 'bgr';
  /** The network sees `(x - mean) * scale`, `x` in 0..255, `mean` in the network's channel order; left out what suits it. */
  readonly mean?: readonly [number, number, number];
  readonly scale?: number;
}

export interface NativeFeed {
  readonly placeholder: string;
  readonly values: readonly number[];
  readonly scalar: boolean;
}

/** What the network takes as its picture, found by looking at its graph. */
export interface NativeInput {
  readonly name: string;
  /** Such as `float32` or `uint8`. */
  readonly type: string;
  /** Such as `[?, 224, 224, 3]`; left out where the graph declares none. */
  readonly shape?: string;
  readonly layout: 'NHWC' | 'NCHW' | 'HWC' | 'CHW';
  readonly channelOrder: 'rgb' | 'bgr';
  readonly mean: readonly [number, number, number];
  readonly scale: number;
}

/** An imported network; engines load it. */
export interface NativeModel {
  /** Rejects with ERR_LIVEDREAM_LAYER_UNKNOWN where the graph lacks it. */
  layer(name: string): Promise<NativeLayer>;
  /** All of them, in a small part of the time that asking about each would take. */
  allLayers(cancellation: NativeCancellation): Promise<NativeLayer[]>;
  /**
   * Of every program that a plan could need, which operations have kernels for GPUs in this build of TensorFlow, whether or not
   * there is a GPU here. Builds the programs and runs none.
   */
  findKernels(plan: NativePlan, cancellation: NativeCancellation): Promise<NativeKernelFinding[]>;
  /** Frees the weights on the host; to be called when every engine has loaded the model, and none can any more. */
  releaseWeights(): void;
  readonly layers: readonly NativeLayerSummary[];
  /** Bytes of all weights of the graph, resident once. */
  readonly weightBytes: number;
  readonly input: NativeInput;
  /** Nodes that cannot be dreamed, each with the reason, to follow "it needs". */
  readonly leftOut: Readonly<Record<string, string>>;
  /** Placeholders that have no value, with what they take. */
  readonly unfed: Readonly<Record<string, string>>;
}

/** An operation of a program, of these types. */
export interface NativeKernelFinding {
  /** As in errors: `a step of a picture of 96 x 64 pixels on 'mixed4d'`. */
  readonly program: string;
  /** Such as `Conv2D`. */
  readonly operation: string;
  /** Such as `T float32`. */
  readonly types: string;
  /** Whether the program is compiled by XLA: then `xlaGpu` counts, else `gpu`. */
  readonly compiled: boolean;
  readonly gpu: boolean;
  readonly xlaGpu: boolean;
  /** Arguments of floats that the GPU's kernel takes or gives on the host all the same. */
  readonly floatsOnHost: readonly string[];
}

export interface NativeLayerSummary {
  readonly name: string;
  /** TensorFlow's operation, such as `Conv2D`. */
  readonly op: string;
  readonly channels: number;
}

export interface NativeLayer extends NativeLayerSummary {
  /** Input pixels along one side for one position of the layer. */
  readonly stride: number;
  /** The smallest picture side for which the layer exists. */
  readonly leastSize: number;
  /** Bytes of activations that one input pixel costs, forward and backward. */
  readonly bytesPerPixel: number;
  /** Bytes that it costs whatever the picture's size: tensors whose size the graph decides. */
  readonly fixedBytes: number;
  /** The layer that this is an activation of, or a pool of one, such as a Relu's. */
  readonly beforeActivation?: string;
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
}

/** One summand of what is climbed. */
export interface NativeTerm {
  readonly layer: string;
  /**
   * `channels`: the mean of the weighted channels; `layer`: the mean of all squares; `evenPositions` and `evenChannels`: the mean
   * of the root mean square of each position, or channel.
   */
  readonly kind: 'channels' | 'layer' | 'evenPositions' | 'evenChannels';
  readonly weight: number;
  readonly channels: readonly { readonly channel: number; readonly weight: number }[];
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
  readonly mode: NativeMode;
  /** Whether to compile and try the next octaves' programs beside the steps of this one, with XLA on a CPU; left out false. */
  readonly prefetch?: boolean;
  /** `uint8`: clipped and rounded; `float32`: neither; `frame`: neither, and kept on the device. */
  readonly output: 'uint8' | 'float32' | 'frame';
}

export interface NativeProgress {
  /** 0 is the smallest. */
  readonly octave: number;
  /** Iterations done in this octave. */
  readonly iteration: number;
  /** The objective before the last update, averaged over tiles and pictures. */
  readonly objective: number;
}

/** A picture that stays on an engine's device between jobs; freed when it is collected. */
export interface NativeFrame {
  readonly width: number;
  readonly height: number;
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
  /** Building and compiling programs; 0 where all were in the cache. */
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

export type NativePicture = Uint8Array | Float32Array | NativeFrame;

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
  ): Promise<NativeDream>;
  /** Puts a picture on the device without dreaming. */
  upload(picture: Uint8Array | Float32Array, width: number, height: number): Promise<NativeFrame>;
  download(frame: NativeFrame, output: 'uint8' | 'float32'): Promise<Uint8Array | Float32Array>;
  /** The objective's gradient by the picture, at the size of the plan's last octave, untiled or tiled as it says, no jitter. */
  gradient(plan: NativePlan, picture: NativePicture, cancellation: NativeCancellation): Promise<NativeGradient>;
  /** What the channels of the objective's layer answer to a picture of the plan's last octave, which is one tile. */
  answers(plan: NativePlan, picture: NativePicture, cancellation: NativeCancellation): Promise<NativeAnswers>;
  statistics(): NativeStatistics;
  /** Cancels what runs and waits, ends the thread, frees everything. Idempotent. */
  dispose(): Promise<void>;
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
