import { attribute, GraphDef } from '../../../tools/graphs/graph-def.mjs';
import { seedOf, uniform } from '../../../tools/graphs/random.mjs';

/** Numbers of tensorflow.DataType. */
export const FLOAT = 1;
export const INT32 = 3;
export const INT64 = 9;
export const BOOL = 10;
export const HALF = 19;

export const CHANNELS = 8;
/** An attribute: a shape of no axes. */
export const SCALAR = Uint8Array.of(0x3a, 0);

/** An attribute: a number is an integer, a string a text, an array of numbers a list of integers. */
export type Attribute = number | string | boolean | readonly number[] | Uint8Array;
/** A node, an integer, or a vector or matrix of integers. */
export type Input = string | number | readonly number[] | readonly (readonly number[])[];

export const float = (value: number): Uint8Array => attribute.float(value);
export const type = (value: number): Uint8Array => attribute.type(value);

function serialized(value: Attribute): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'number') return attribute.integer(value);
  if (typeof value === 'string') return attribute.text(value);
  if (typeof value === 'boolean') return attribute.boolean(value);
  return attribute.integers(value);
}

/** A small graph around one operation. Nodes name themselves; constants are random, the same every time. */
export class Scene {
  readonly #graph = new GraphDef();
  #nodes = 0;

  #name(op: string): string {
    this.#nodes += 1;
    return `${op}_${this.#nodes}`;
  }

  /** Adds an operation of floats; give `T: null` where it has no attribute of that name. */
  op(
    op: string,
    inputs: readonly Input[],
    { T = type(FLOAT), ...rest }: Record<string, Attribute | null> = {},
  ): string {
    const attributes = T === null ? rest : { T, ...rest };
    const entries = Object.entries(attributes).map(([key, value]) => [key, serialized(value as Attribute)] as const);
    const names = inputs.map((input) => (typeof input === 'string' ? input : this.integers(input)));
    return this.#graph.node(op, this.#name(op), names, Object.fromEntries(entries));
  }

  integers(values: Exclude<Input, string>): string {
    const flat = [values].flat(2) as number[];
    const bytes = new Uint8Array(Int32Array.from(flat).buffer);
    const shape =
      typeof values === 'number' ? [] : [values.length, ...(Array.isArray(values[0]) ? [values[0].length] : [])];
    return this.#constant(INT32, shape, bytes);
  }

  booleans(shape: readonly number[], values: readonly boolean[]): string {
    return this.#constant(BOOL, shape, Uint8Array.from(values.map(Number)));
  }

  floats(shape: readonly number[], values: readonly number[]): string {
    return this.#constant(FLOAT, shape, new Uint8Array(Float32Array.from(values).buffer));
  }

  scalar(value: number): string {
    return this.floats([], [value]);
  }

  /** Uniform between two numbers. */
  random(shape: readonly number[], low = -1, high = 1): string {
    const count = shape.reduce((product, size) => product * size, 1);
    const random = uniform(seedOf(`${this.#nodes} ${shape.join()}`));
    return this.floats(
      shape,
      Array.from({ length: count }, () => low + (high - low) * random()),
    );
  }

  #constant(dtype: number, shape: readonly number[], bytes: Uint8Array): string {
    const attributes = { dtype: attribute.type(dtype), value: attribute.tensor(dtype, shape, bytes) };
    return this.#graph.node('Const', this.#name('Const'), [], attributes);
  }

  convolution(x: string, inputs: number, outputs: number, [height, width] = [3, 3]): string {
    const reach = Math.sqrt(3 / (height * width * inputs));
    const filter = this.random([height, width, inputs, outputs], -reach, reach);
    return this.op('Conv2D', [x, filter], { strides: [1, 1, 1, 1], padding: 'SAME' });
  }

  /** Another branch from the same picture: what a second argument is made of. */
  branch(x: string, channels = CHANNELS): string {
    return this.convolution(x, CHANNELS, channels, [1, 1]);
  }

  /** Between 0 and 1. */
  unit(x: string): string {
    return this.op('Sigmoid', [x]);
  }

  /** Above a half. */
  positive(x: string): string {
    return this.op('AddV2', [this.unit(x), this.scalar(0.5)]);
  }

  placeholder(): string {
    return this.#graph.placeholder('input');
  }

  finish(x: string): Uint8Array {
    this.#graph.node('Identity', 'out', [x], { T: attribute.type(FLOAT) });
    return this.#graph.bytes();
  }
}

export type Build = (scene: Scene, x: string) => string;

export interface Operation {
  /** From a picture of CHANNELS channels, a convolution of the input, to a layer of four axes. */
  readonly build: Build;
  /** What TensorFlow Python is given in its place, where it lacks the gradient or has a wrong one. */
  readonly reference?: Build;
  /** Why it is not compiled. */
  readonly withoutXla?: string;
}

export type Operations = Readonly<Record<string, Build | Operation>>;

export function graphOf(build: Build): Uint8Array {
  const scene = new Scene();
  return scene.finish(build(scene, scene.convolution(scene.placeholder(), 3, CHANNELS)));
}
