// A network, as the addon takes and gives it.
import type { NativeCancellation, NativePlan } from './native-plan.js';

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
  /** The memory of a step on several at once, of what all of them need once. */
  cost(layers: readonly string[]): Promise<NativeLayersCost>;
  /** All of them, in a small part of the time that asking about each would take. */
  allLayers(cancellation: NativeCancellation): Promise<NativeLayer[]>;
  /** Floating-point operations of one gradient of a layer by a picture of this size: convolutions and matrix products. */
  operations(layer: string, width: number, height: number): Promise<number>;
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
  /** Whether it is no feature maps but a row of channels for each picture, such as the answers for classes. */
  readonly head?: true;
}

export interface NativeLayersCost {
  /** Bytes of activations that one input pixel costs, forward and backward. */
  readonly bytesPerPixel: number;
  /** Bytes that it costs whatever the picture's size: tensors whose size the graph decides. */
  readonly fixedBytes: number;
}

export interface NativeLayer extends NativeLayerSummary, NativeLayersCost {
  /** Input pixels along one side for one position of the layer. */
  readonly stride: number;
  /** The smallest picture side for which the layer exists. */
  readonly leastSize: number;
  /** The layer that this is an activation of, or a pool of one, such as a Relu's. */
  readonly beforeActivation?: string;
}
