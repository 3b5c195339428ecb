import { Dreamer } from '../../dreamer.js';
import { LiveDreamError } from '../../errors.js';
import type { Objective } from '../../model/objective.js';
import type { ModelInput } from '../../model/source.js';
import type { ResolvedBenchOptions } from '../../options/bench-options.js';
import type { ObjectiveOptions } from '../../options/objective.js';
import type { Size } from '../../size.js';
import type { Findings } from '../findings.js';
import type { PictureOf } from '../pictures.js';
import type { BenchModel, BenchUpdate, BenchVariant } from '../report.js';
import { dreamOptions, peerVariant } from '../variants.js';
import { type PeerName, UNABLE } from './catalogue.js';
import { peerNetwork } from './network.js';
import { type PeerPicture, Peers } from './peers.js';
import { peersPython } from './python.js';

export interface PeersPrepared {
  readonly plain: ResolvedBenchOptions;
  readonly objective: ObjectiveOptions;
  readonly model: ModelInput | undefined;
  readonly signal: AbortSignal | undefined;
  readonly picture: PictureOf;
}

export interface PeersAsked extends PeersPrepared {
  readonly names: readonly PeerName[];
  readonly findings: Findings;
}

type Point = Pick<BenchVariant, 'size' | 'octaves' | 'iterations'>;

function isAbort(error: unknown): boolean {
  return error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_ABORTED';
}

/** What livedream dreams that peers are to dream too: each size with its octaves and steps once. */
function pointsOf({ runners }: Findings): BenchVariant[] {
  const points = new Map<string, BenchVariant>();
  for (const { variant } of runners) points.set(peerVariant('jax-jit', variant).name, variant);
  return [...points.values()];
}

/**
 * The network as peers take it, and the gradients that theirs are held to: in float32, by ordinary kernels. Rejects where they
 * cannot dream it.
 */
export async function preparePeers(
  { plain, objective, model, signal, picture: pictureOf }: PeersPrepared,
  points: readonly [Point, ...Point[]],
): Promise<{ readonly peers: Peers; readonly model: BenchModel }> {
  if (plain.normalize !== 'none')
    throw new Error(`Other programs do not normalize gradients, and 'normalize' is '${plain.normalize}'.`);
  const { threads, memoryLimit } = plain;
  const python = await peersPython(signal);
  const dreamer = await Dreamer.load({
    ...(model === undefined ? {} : { model }),
    ...{ device: 'cpu', xla: false, precision: 'float32', threads, memoryLimit, signal },
  });
  try {
    const known = new Map<string, PeerPicture>();
    for (const point of points) {
      const picture = await pictureOf(point.size);
      const gradient = await dreamer.gradient(picture, { ...dreamOptions(point, plain, objective), signal });
      known.set(JSON.stringify(point.size), { picture, gradient });
    }
    const least = { ...dreamOptions(points[0], plain, objective), octaves: 1, iterations: 1, signal };
    const { parameters } = await dreamer.dream(await pictureOf(points[0].size), least);
    const { model: name, modelSha256: sha256 } = parameters;
    // A benchmark is of one layer: readBench.
    const resolved = parameters.objective as Objective;
    const network = await peerNetwork({ python, model, input: dreamer.input, objective: resolved, threads });
    const knownOf = (size: Size): PeerPicture => known.get(JSON.stringify(size)) as PeerPicture;
    const peers = new Peers({ python, network, plain, signal, pictureOf: knownOf });
    return { peers, model: { name, sha256, objective: resolved } };
  } finally {
    await dreamer.dispose();
  }
}

/**
 * The first dreams of peers, of all that livedream dreams; those that can do it are then ready for the rounds, the others are
 * listed with the reason. Returns undefined where none can.
 */
export async function* measurePeers(asked: PeersAsked): AsyncGenerator<BenchUpdate, Peers | undefined, undefined> {
  const { findings, names } = asked;
  const [own] = findings.runners;
  const [point, ...points] = pointsOf(findings);
  if (own === undefined || point === undefined || names.length === 0) return undefined;
  for (const [name, reason] of Object.entries(UNABLE)) findings.skip(name, { message: reason });
  let peers: Peers;
  try {
    ({ peers } = await preparePeers(asked, [point, ...points]));
  } catch (error) {
    // What is missing is said before anything else is measured, and not as one of many.
    if (error instanceof LiveDreamError) throw error;
    for (const name of names) findings.skip(name, error as Error);
    return undefined;
  }
  const operations = new Map(findings.runners.map(({ variant, operations: each }) => [variant, each]));
  try {
    for (const name of names)
      for (const each of [point, ...points]) {
        const variant = peerVariant(name, each);
        try {
          const { cold, second, checked } = await peers.measureCold(variant);
          const result = { cold, second, model: own.cold.model, rewrites: [] };
          const runner = { variant, operations: operations.get(each) ?? 0, cold: result, rounds: [] };
          findings.runners.push({ ...runner, ...(checked === undefined ? {} : { checked }) });
        } catch (error) {
          if (isAbort(error)) throw error;
          findings.skip(variant.name, error as Error);
        }
        yield { phase: 'first dreams', name: variant.name, report: findings.report(false) };
      }
    return peers;
  } catch (error) {
    await peers.dispose();
    throw error;
  }
}
