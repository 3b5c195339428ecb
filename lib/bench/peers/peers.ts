import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Gradient } from '../../gradient.js';
import type { RawPicture } from '../../image/source.js';
import type { ResolvedBenchOptions } from '../../options/bench-options.js';
import { octaveSizes } from '../../plan/octaves.js';
import { cutInTiles } from '../../plan/tiles.js';
import type { Size } from '../../size.js';
import type { Runner } from '../findings.js';
import type { BenchChecked, BenchVariant } from '../report.js';
import { PEERS, type PeerName } from './catalogue.js';
import type { PeerNetwork } from './network.js';
import { type PeerAnswer, PeerProcess } from './process.js';
import { PEER_PROGRAMS } from './python.js';

/**
 * Single units that rounding tips over make 1.3 % in a small picture, and 0.6 % among TensorFlow's own kernels
 * (docs/algorithm.md); what is computed differently makes far more.
 */
const MOST_DIFFERENT = 0.05;
/** How far a step goes costs no time. */
export const STEP = 1.5;

/** A size of the picture, as peers are told of it, and what livedream found there. */
export interface PeerPicture {
  readonly picture: RawPicture;
  readonly gradient: Gradient;
}

export interface PeersRequest {
  readonly python: string;
  readonly network: PeerNetwork;
  readonly plain: ResolvedBenchOptions;
  readonly signal: AbortSignal | undefined;
  /** Of the sizes that are measured. */
  readonly pictureOf: (size: Size) => PeerPicture;
}

function distance(one: Float32Array, other: Float32Array): number {
  let [apart, length] = [0, 0];
  for (const [index, value] of other.entries()) {
    apart += ((one[index] ?? Number.NaN) - value) ** 2;
    length += value ** 2;
  }
  return Math.sqrt(apart / length);
}

/** The peers of a benchmark: each in a process of its own, and in another one for the rounds. */
export class Peers {
  readonly #request: PeersRequest;
  readonly #running = new Map<PeerName, Promise<PeerProcess>>();
  readonly #processes: PeerProcess[] = [];
  readonly #pictures = new Map<string, Promise<string>>();

  constructor(request: PeersRequest) {
    this.#request = request;
  }

  get network(): PeerNetwork {
    return this.#request.network;
  }

  /** Milliseconds of processor time that all of them took so far. */
  get cpu(): number {
    return this.#processes.reduce((sum, { cpu }) => sum + cpu * 1000, 0);
  }

  /** The first dreams of a process, whose gradient is checked. Rejects where it fails, or computes something else. */
  async measureCold(variant: BenchVariant): Promise<Pick<Runner, 'checked'> & Pick<Runner['cold'], 'cold' | 'second'>> {
    const child = this.#start(variant.peer as PeerName);
    try {
      const { loading = 0, version = '' } = await child.ask();
      const { milliseconds: [first = 0] = [] } = await this.#dream(child, variant, 1);
      const { milliseconds: [second = 0] = [], memory } = await this.#dream(child, variant, 1);
      const gradientDifference = await this.#check(child, variant.size);
      return {
        cold: { load: loading, firstCall: first, peakMemoryBytes: memory },
        checked: { version, gradientDifference },
        second,
      };
    } finally {
      child.stop();
    }
  }

  /** What a peer is, and that it computes the same. Rejects where it does not. */
  async check(name: PeerName, size: Size): Promise<BenchChecked> {
    const child = this.#start(name);
    try {
      const { version = '' } = await child.ask();
      return { version, gradientDifference: await this.#check(child, size) };
    } finally {
      child.stop();
    }
  }

  /** What a dream is to peers. */
  dreamOf({ size, octaves, iterations }: Pick<BenchVariant, 'size' | 'octaves' | 'iterations'>): object {
    const { octaveScale, tileSize } = this.#request.plain;
    const cut = octaveSizes(size, octaves, octaveScale).map((each) => cutInTiles(each, { tileSize }));
    return { octaves: cut, iterations, step: STEP };
  }

  /** Milliseconds of so many dreams in the process that is kept for the rounds. */
  async dream(variant: BenchVariant, times: number): Promise<readonly number[]> {
    const name = variant.peer as PeerName;
    const running = this.#running.get(name) ?? this.#ready(name);
    this.#running.set(name, running);
    const { milliseconds = [] } = await this.#dream(await running, variant, times);
    return milliseconds;
  }

  async dispose(): Promise<void> {
    for (const each of this.#processes) each.stop();
    await rm(this.#request.network.folder, { recursive: true, force: true });
  }

  async #ready(name: PeerName): Promise<PeerProcess> {
    const child = this.#start(name);
    await child.ask();
    return child;
  }

  #start(name: PeerName): PeerProcess {
    const { python, network, signal } = this.#request;
    if (network.fault !== undefined && !PEERS[name].readsGraphs) throw new Error(network.fault);
    const child = new PeerProcess({
      python,
      args: [path.join(PEER_PROGRAMS, 'serve.py'), name, network.requestFile],
      // What is compiled is to be compiled, not found where an earlier run left it; the rounds find it.
      env: { ...process.env, TORCHINDUCTOR_CACHE_DIR: path.join(network.folder, 'inductor') },
      signal,
    });
    this.#processes.push(child);
    return child;
  }

  /** The picture's bytes, in a file. */
  #pictureFile(size: Size): Promise<string> {
    const name = `${size.width}x${size.height}`;
    const known = this.#pictures.get(name);
    if (known) return known;
    const written = this.#writePicture(path.join(this.#request.network.folder, name), size);
    this.#pictures.set(name, written);
    return written;
  }

  async #writePicture(file: string, size: Size): Promise<string> {
    const { picture } = this.#request.pictureOf(size);
    await writeFile(`${file}.u8`, picture.data);
    await writeFile(`${file}.f32`, Float32Array.from(picture.data));
    return file;
  }

  async #dream(child: PeerProcess, variant: BenchVariant, times: number): Promise<PeerAnswer> {
    return child.ask({ dream: this.dreamOf(variant), picture: `${await this.#pictureFile(variant.size)}.u8`, times });
  }

  /** By which part of it the gradient differs from livedream's. */
  async #check(child: PeerProcess, size: Size): Promise<number> {
    const [file, { gradient }] = [await this.#pictureFile(size), this.#request.pictureOf(size)];
    const { tileSize } = this.#request.plain;
    const to = `${file}-gradient.f32`;
    await child.ask({ gradient: cutInTiles(size, { tileSize }), picture: `${file}.f32`, to });
    const bytes = await readFile(to);
    const difference = distance(new Float32Array(Uint8Array.from(bytes).buffer), gradient.data);
    if (difference <= MOST_DIFFERENT) return difference;
    const part = Number.isNaN(difference) ? 'it is not finite' : `by ${(100 * difference).toFixed(1)} %`;
    throw new Error(`Its gradient is not livedream's (${part}): it computes something else.`);
  }
}
