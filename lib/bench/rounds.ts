import { performance } from 'node:perf_hooks';
import { fromNative } from '../binding/errors.js';
import type { NativeAddon, NativeCancellation } from '../binding/native.js';
import { Dreamer } from '../dreamer.js';
import { LiveDreamError } from '../errors.js';
import type { ModelInput } from '../model/source.js';
import { onAbort } from '../on-abort.js';
import type { ResolvedBenchOptions } from '../options/bench-options.js';
import type { ObjectiveOptions } from '../options/objective.js';
import type { Findings, PeakPlace, Runner } from './findings.js';
import { watchOthers } from './others.js';
import type { Peers } from './peers/peers.js';
import type { PictureOf } from './pictures.js';
import type { BenchUpdate } from './report.js';
import { dreamsPerTurn, type Side, takeTurns } from './turns.js';
import { dreamOptions, loadOptions, placeOf } from './variants.js';

export interface RoundsRequest {
  readonly findings: Findings;
  readonly plain: ResolvedBenchOptions;
  readonly objective: ObjectiveOptions;
  readonly model: ModelInput | undefined;
  readonly signal: AbortSignal | undefined;
  readonly addon: NativeAddon;
  readonly picture: PictureOf;
  /** Where others are measured too. */
  readonly peers: Peers | undefined;
}

/** Nothing that variants share is to be evicted between their turns. */
const PROGRAMS = { programCacheLimit: Number.MAX_SAFE_INTEGER } as const;

function isAbort(error: unknown): boolean {
  return error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_ABORTED';
}

/** The Dreamers of a benchmark, one a place, each loaded when it is first asked for. */
class Dreamers {
  readonly #request: RoundsRequest;
  readonly #loaded = new Map<string, Dreamer>();

  constructor(request: RoundsRequest) {
    this.#request = request;
  }

  async of({ variant }: Runner): Promise<Dreamer> {
    const { plain, model, signal } = this.#request;
    const place = placeOf(variant);
    const known = this.#loaded.get(place);
    if (known) return known;
    const source = model === undefined ? {} : { model };
    const dreamer = await Dreamer.load({ ...loadOptions(variant, plain), ...PROGRAMS, ...source, signal });
    this.#loaded.set(place, dreamer);
    return dreamer;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#loaded.values()].map((dreamer) => dreamer.dispose()));
  }
}

interface NamedSide extends Side {
  readonly name: string;
  readonly measured: (rounds: readonly (readonly number[])[]) => void;
}

/** The milliseconds of so many dreams. */
type DreamTimes = (times: number) => Promise<readonly number[]>;

async function ownDreams(runner: Runner, dreamers: Dreamers, request: RoundsRequest): Promise<DreamTimes> {
  const { variant } = runner;
  const { plain, objective, signal } = request;
  const dreamer = await dreamers.of(runner);
  const picture = await request.picture(variant.size);
  const options = { ...dreamOptions(variant, plain, objective), signal };
  return async (times) => {
    const measured: number[] = [];
    while (measured.length < times) {
      const start = performance.now();
      await dreamer.dream(picture, options);
      measured.push(performance.now() - start);
    }
    return measured;
  };
}

/** A variant, ready to dream: its programs are compiled. */
async function dreamSide(runner: Runner, dreamers: Dreamers, request: RoundsRequest): Promise<NamedSide> {
  const { variant, cold } = runner;
  const { findings, peers } = request;
  const dreams: DreamTimes =
    variant.peer !== undefined && peers !== undefined
      ? (times) => peers.dream(variant, times)
      : await ownDreams(runner, dreamers, request);
  await dreams(1);
  const count = dreamsPerTurn(cold.second);
  return {
    name: variant.name,
    counts: true,
    measured: (rounds) => {
      runner.rounds = rounds;
    },
    fail: (error) => {
      if (isAbort(error)) throw error;
      findings.skip(variant.name, error as Error);
    },
    turn: async () => {
      // What another variant left in the processor's caches is not this one's cost.
      if (count > 1) await dreams(1);
      return dreams(count);
    },
  };
}

function peakSide(
  peak: PeakPlace,
  { addon, plain, findings }: RoundsRequest,
  cancellation: NativeCancellation,
): NamedSide {
  const { on, precision } = peak;
  const settings = { device: on, programCacheBytes: 0, queueLimit: 1, threads: plain.threads, precision };
  const name = `convolution ${on} ${precision}`;
  return {
    name,
    counts: false,
    measured: (rounds) => {
      peak.rounds = rounds;
    },
    fail: (error) => {
      const failed = fromNative(error);
      if (isAbort(failed)) throw failed;
      findings.dropPeak(peak);
      findings.skip(name, failed);
    },
    turn: async () => {
      const { operations, milliseconds } = await addon.convolutionPeak(settings, cancellation);
      peak.operations = operations;
      return milliseconds;
    },
  };
}

/** The devices and precisions that there are. */
function placesOf(runners: readonly Runner[]): PeakPlace[] {
  const known = new Map<string, PeakPlace>();
  for (const { variant } of runners) {
    const { on, precision } = variant;
    known.set(`${on} ${precision}`, { on, precision, rounds: [], operations: 0 });
  }
  return [...known.values()];
}

async function* measure(
  request: RoundsRequest,
  dreamers: Dreamers,
  cancellation: NativeCancellation,
): AsyncGenerator<BenchUpdate, void, undefined> {
  const { findings, plain, peers } = request;
  const sides: NamedSide[] = [];
  for (const runner of [...findings.runners]) {
    const { name } = runner.variant;
    try {
      sides.push(await dreamSide(runner, dreamers, request));
    } catch (error) {
      if (isAbort(error)) throw error;
      findings.skip(name, error as Error);
    }
    yield { phase: 'loading', name, report: findings.report(false) };
  }
  findings.peaks.push(...placesOf(findings.runners));
  const peaks = findings.peaks.map((peak) => peakSide(peak, request, cancellation));
  const others = watchOthers(() => peers?.cpu ?? 0);
  for await (const { side, round, times } of takeTurns([...peaks, ...sides], plain)) {
    for (const [each, rounds] of times) each.measured(rounds);
    findings.sawOthers(others());
    yield { phase: 'rounds', name: side.name, round, report: findings.report(false) };
  }
}

/** Measures all runners in turns. */
export async function* runRounds(request: RoundsRequest): AsyncGenerator<BenchUpdate, void, undefined> {
  const { signal, addon } = request;
  const dreamers = new Dreamers(request);
  const cancellation = new addon.Cancellation();
  const unlisten = signal && onAbort(signal, () => cancellation.cancel());
  if (signal?.aborted) cancellation.cancel();
  try {
    yield* measure(request, dreamers, cancellation);
  } finally {
    unlisten?.();
    await dreamers.dispose();
  }
}
