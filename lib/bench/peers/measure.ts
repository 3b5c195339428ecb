import { Dreamer } from '../../dreamer.js';
import { LiveDreamError } from '../../errors.js';
import type { RawPicture } from '../../image/source.js';
import type { Objective } from '../../model/objective.js';
import type { ModelInput } from '../../model/source.js';
import type { ResolvedBenchOptions } from '../../options/bench-options.js';
import type { ObjectiveOptions } from '../../options/objective.js';
import type { Size } from '../../size.js';
import type { Findings } from '../findings.js';
import type { BenchUpdate, BenchVariant } from '../report.js';
import { dreamOptions, peerVariant } from '../variants.js';
import { type PeerName, UNABLE } from './catalogue.js';
import { peerNetwork } from './network.js';
import { type PeerPicture, Peers } from './peers.js';
import { peersPython } from './python.js';

export interface PeersAsked {
  readonly names: readonly PeerName[];
  readonly findings: Findings;
  readonly plain: ResolvedBenchOptions;
  readonly objective: ObjectiveOptions;
  readonly model: ModelInput | undefined;
  readonly signal: AbortSignal | undefined;
  readonly picture: (size: Size) => Promise<RawPicture>;
}

function isAbort(error: unknown): boolean {
  return error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_ABORTED';
}

/** What livedream dreams that peers are to dream too: each size with its octaves and steps once. */
function pointsOf({ runners }: Findings): BenchVariant[] {
  const points = new Map<string, BenchVariant>();
  for (const { variant } of runners) points.set(peerVariant('jax-jit', variant).name, variant);
  return [...points.values()];
}

/** The gradients that those of peers are held to: in float32, by ordinary kernels. */
async function prepare(asked: PeersAsked, points: readonly BenchVariant[], resolved: Objective): Promise<Peers> {
  const { plain, objective, model, signal } = asked;
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
    for (const variant of points) {
      const picture = await asked.picture(variant.size);
      const gradient = await dreamer.gradient(picture, { ...dreamOptions(variant, plain, objective), signal });
      known.set(JSON.stringify(variant.size), { picture, gradient });
    }
    const network = await peerNetwork({ python, model, input: dreamer.input, objective: resolved, threads });
    const pictureOf = (size: Size): PeerPicture => known.get(JSON.stringify(size)) as PeerPicture;
    return new Peers({ python, network, plain, signal, pictureOf });
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
  const points = pointsOf(findings);
  if (own === undefined || names.length === 0) return undefined;
  for (const [name, reason] of Object.entries(UNABLE)) findings.skip(name, { message: reason });
  let peers: Peers;
  try {
    peers = await prepare(asked, points, own.cold.model.objective);
  } catch (error) {
    // What is missing is said before anything else is measured, and not as one of many.
    if (error instanceof LiveDreamError) throw error;
    for (const name of names) findings.skip(name, error as Error);
    return undefined;
  }
  const operations = new Map(findings.runners.map(({ variant, operations: each }) => [variant, each]));
  try {
    for (const name of names)
      for (const point of points) {
        const variant = peerVariant(name, point);
        try {
          const { cold, second, checked } = await peers.measureCold(variant);
          const result = { cold, second, model: own.cold.model, rewrites: [] };
          const runner = { variant, operations: operations.get(point) ?? 0, cold: result, rounds: [] };
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
