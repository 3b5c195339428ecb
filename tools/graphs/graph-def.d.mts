/** Serialized AttrValues. */
export const attribute: {
  text(value: string): Uint8Array;
  integer(value: number): Uint8Array;
  float(value: number): Uint8Array;
  boolean(value: boolean): Uint8Array;
  /** A tensorflow.DataType: 1 is float32, 3 is int32. */
  type(value: number): Uint8Array;
  /** Sizes, -1 for any. */
  shape(sizes: readonly number[]): Uint8Array;
  types(values: readonly number[]): Uint8Array;
  integers(values: readonly number[]): Uint8Array;
  tensor(type: number, shape: readonly number[], bytes: Uint8Array): Uint8Array;
};

/** A graph under construction; every method returns the node's name. Attributes are serialized AttrValues. */
export class GraphDef {
  node(op: string, name: string, inputs: readonly string[], attributes: Readonly<Record<string, Uint8Array>>): string;
  /** @param shape -1 for any size; undeclared where left out */
  placeholder(name: string, shape?: readonly number[]): string;
  constant(name: string, shape: readonly number[], values: Float32Array): string;
  integer(name: string, value: number): string;
  /** A constant of int32. */
  integers(name: string, shape: readonly number[], values: readonly number[]): string;
  transpose(name: string, input: string, permutation: readonly number[]): string;
  conv2d(
    name: string,
    input: string,
    filter: string,
    strides?: readonly [number, number],
    pad?: 'same' | 'valid',
  ): string;
  biasAdd(name: string, input: string, bias: string): string;
  relu(name: string, input: string): string;
  maxPool(
    name: string,
    input: string,
    window: readonly [number, number],
    strides: readonly [number, number],
    pad?: 'same' | 'valid',
  ): string;
  concat(name: string, inputs: readonly string[], axis: number): string;
  bytes(): Buffer;
}
