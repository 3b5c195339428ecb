import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeEngine, NativeLayerSummary, NativeTerm } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { seedOf, uniform } from '../../tools/graphs/random.mjs';
import { NATIVE_DEVICE } from './device.js';
import { modeOf, notCancelled, planFor } from './engine.js';
import { madePicture } from './pictures.js';

export const FLOAT = attribute.type(1);
export const INT32 = attribute.type(3);

export type Layout = 'first' | 'last';
export type Attributes = Readonly<Record<string, Uint8Array>>;
export const SAME = { padding: attribute.text('SAME') };
export const VALID = { padding: attribute.text('VALID') };

/** What the networks of these tests take: small numbers around zero, blue first. */
export const SPEC = { input: 'input', channelOrder: 'bgr', mean: [110, 120, 130], scale: 1 / 64 } as const;

/** A graph whose operations may be written in either layout, with weights that depend on their names alone. */
export class LayoutGraph extends GraphDef {
  constructor(readonly layout: Layout) {
    super();
  }

  /** Axis of the channels. */
  get channels(): number {
    return this.layout === 'first' ? 1 : 3;
  }

  /** A list with an entry, or several, for each axis: batch, height, width, channels. */
  order<T>(batch: T, height: T, width: T, channels: T): T[] {
    return this.layout === 'first' ? [batch, channels, height, width] : [batch, height, width, channels];
  }

  sizes(height: number, width: number): Uint8Array {
    return attribute.integers(this.order(1, height, width, 1));
  }

  weights(name: string, shape: readonly number[], mean = 0, spread?: number): string {
    const random = uniform(seedOf(name));
    const count = shape.reduce((product, size) => product * size, 1);
    const scale = spread ?? Math.sqrt(12 / (count / (shape.at(-1) as number)));
    const values = Float32Array.from({ length: count }, () => (random() - 0.5) * scale + mean);
    return this.constant(name, shape, values);
  }

  /** A number of each channel, to broadcast: [1, channels, 1, 1] or [channels]. */
  perChannel(name: string, count: number, mean = 0): string {
    return this.weights(name, this.layout === 'first' ? [1, count, 1, 1] : [count], mean, 0.4);
  }

  /** An operation with a data_format. */
  formatted(op: string, name: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const format = attribute.text(this.layout === 'first' ? 'NCHW' : 'NHWC');
    return this.node(op, name, inputs, { T: FLOAT, data_format: format, ...attributes });
  }

  simple(op: string, name: string, ...inputs: readonly string[]): string {
    return this.node(op, name, inputs, { T: FLOAT });
  }

  /** With a list of int32 as its second input. */
  listed(op: string, name: string, input: string, list: string, attributes: Attributes = {}): string {
    return this.node(op, name, [input, list], { T: FLOAT, ...attributes });
  }

  sizeOf(name: string, input: string): string {
    return this.node('Shape', name, [input], { T: FLOAT, out_type: INT32 });
  }

  joined(name: string, inputs: readonly string[], axis: number, type = FLOAT): string {
    return this.node('ConcatV2', name, [...inputs, this.integer(`${name}/axis`, axis)], {
      T: type,
      Tidx: INT32,
      N: attribute.integer(inputs.length),
    });
  }
}

/** A network in an engine of its own. */
export interface Loaded {
  readonly layers: readonly NativeLayerSummary[];
  gradient(
    layer: string,
    size: { readonly width: number; readonly height: number },
    xla?: boolean,
    channels?: NativeTerm['channels'],
  ): Promise<Float32Array>;
  least(layer: string): Promise<number>;
}

const engines: NativeEngine[] = [];

export async function loaded(graph: GraphDef): Promise<Loaded> {
  await openRuntime();
  const addon = loadAddon();
  const settings = {
    device: NATIVE_DEVICE,
    programCacheBytes: 2 ** 28,
    queueLimit: 4,
    threads: 0,
    precision: 'float32' as const,
  };
  const own = new addon.Engine(settings);
  const model = await addon.importModel({ graph: graph.bytes(), ...SPEC }, notCancelled());
  await own.load(model);
  engines.push(own);
  return {
    layers: model.layers,
    least: async (layer) => (await model.layer(layer)).leastSize,
    gradient: async (layer, size, xla = false, channels = []) => {
      const kind = channels.length > 0 ? 'channels' : 'layer';
      const objective: NativeTerm = { layer, kind, weight: 1, channels };
      const plan = planFor({ file: '', spec: SPEC, objective }, { ...size, octaves: 1 }, { mode: modeOf(xla) });
      return (await own.gradient(plan, madePicture(size.width, size.height), notCancelled())).data;
    },
  };
}

export async function disposeLoaded(): Promise<void> {
  await Promise.all(engines.splice(0).map((each) => each.dispose()));
}
