import { availableParallelism, cpus } from 'node:os';
import type { NativeMode } from '../binding/native.js';
import type { Size } from '../size.js';
import { packageVersion } from '../version.js';
import { sizeClass } from './rule.js';

/** What a Dreamer computes with. */
export interface TuningFacts {
  /** SHA-256 of the network. */
  readonly network: string;
  /** TensorFlow's version. */
  readonly library: string;
  /** The option `threads`. */
  readonly threads: number;
}

/** Where tiles are computed, and of what size they are. */
export interface TuningPlace {
  readonly device: string;
  readonly gpuBytes?: number | undefined;
  readonly mode: NativeMode;
  readonly layer: { readonly name: string };
  readonly tile: Size;
}

let known: readonly [version: string, processor: string, cores: number] | undefined;

/** Looked at once: every dream and every frame of a stream has a key made, and to ask takes a millisecond. */
function machine(): NonNullable<typeof known> {
  known ??= [packageVersion(), cpus()[0]?.model ?? '', availableParallelism()];
  return known;
}

/** All that decides how fast a batch is, as one text. */
export function keyOf({ network, library, threads }: TuningFacts, place: TuningPlace): string {
  const { device, gpuBytes = 0, mode, layer, tile } = place;
  const [version, processor, cores] = machine();
  const where = [version, library, processor, cores, threads, device, gpuBytes];
  return JSON.stringify([...where, network, layer.name, mode, sizeClass(tile)]);
}

/** Of what a key tells, what people know it by. */
export interface KeyFacts {
  readonly device: string;
  readonly network: string;
  readonly layer: string;
  readonly xla: boolean;
  readonly precision: NativeMode['precision'];
  readonly loop: NonNullable<NativeMode['loop']>;
  /** About how many one tile has. */
  readonly pixels: number;
}

/** Undefined where it is no key of `keyOf`. */
export function readKey(key: string): KeyFacts | undefined {
  try {
    const [, , , , , device, , network, layer, mode, size] = JSON.parse(key) as unknown[];
    const known = [device, network, layer].every((each) => typeof each === 'string') && typeof size === 'number';
    if (!known || typeof mode !== 'object' || mode === null) return undefined;
    const { xla, precision, loop = 'native' } = mode as NativeMode;
    const texts = { device, network, layer } as Pick<KeyFacts, 'device' | 'network' | 'layer'>;
    return { ...texts, xla: xla === true, precision, loop, pixels: Math.round(2 ** (size / 2)) };
  } catch {
    return undefined;
  }
}
