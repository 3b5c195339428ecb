/** A layer that can be dreamed. */
export interface LayerSummary {
  readonly name: string;
  /** TensorFlow's operation, such as `Conv2D`. */
  readonly op: string;
  readonly channels: number;
  /** Whether it is no feature maps but a row of channels for each picture, such as the answers for classes. */
  readonly head?: true;
}

export interface Layer extends LayerSummary {
  /** Pixels of the picture along one side for one position of the layer. */
  readonly stride: number;
  /** The smallest picture side for which the layer exists. */
  readonly leastSize: number;
  /** Bytes of memory that each pixel of a tile costs, forward and backward. */
  readonly bytesPerPixel: number;
  /** Bytes that it costs whatever the picture's size: tensors whose size the graph decides. */
  readonly fixedBytes: number;
  /** The layer that this is an activation of, or a pool of one, such as a Relu's. */
  readonly beforeActivation?: string;
}

/** A node's name, given as itself or as that of its first tensor (`conv:0`), as TensorFlow's own functions take it. */
export function nodeName(name: string): string {
  return name.endsWith(':0') ? name.slice(0, -2) : name;
}
