import { loadAddon } from '../binding/addon.js';
import type { NativeAddon } from '../binding/native.js';
import { Dreamer } from '../dreamer.js';
import { LiveDreamError, optionRangeError, optionTypeError } from '../errors.js';
import type { PictureInput } from '../image/source.js';
import type { ModelInput } from '../model/source.js';
import {
  type BenchAxes,
  type BenchPlainOptions,
  type BenchPoint,
  type ResolvedBenchAxes,
  type ResolvedBenchOptions,
  readBenchOptions,
} from '../options/bench-options.js';
import { readSignal } from '../options/control.js';
import { OBJECTIVE_OPTIONS, type ObjectiveOptions, readObjective } from '../options/objective.js';
import { measureCold, sendable } from './cold.js';
import { gatherEnvironment } from './environment.js';
import { Findings } from './findings.js';
import { PEER_NAMES, PEERS, type PeerName } from './peers/catalogue.js';
import { measurePeers } from './peers/measure.js';
import { checkPeerPrograms } from './peers/python.js';
import { picturesOf } from './pictures.js';
import type { BenchUpdate, BenchVariant } from './report.js';
import { runRounds } from './rounds.js';
import { combinations, dreamOptions, loadOptions, nameOf, resolveVariant } from './variants.js';

/** What to measure, and how. */
export type BenchOptions = BenchPlainOptions &
  BenchAxes &
  ObjectiveOptions & {
    /** As `Dreamer.load` takes it; default the package's own. */
    readonly model?: ModelInput | undefined;
    /** What is dreamed of, stretched to each size; default a landscape. What it shows costs nothing. */
    readonly picture?: PictureInput | undefined;
    /**
     * Other programs that dream the same on the processor, in turns with livedream: TensorFlow Python, PyTorch, JAX. Only in a
     * clone of livedream; their Python environment is made where there is none. Default none.
     */
    readonly peers?: readonly PeerName[] | undefined;
    /** Ends the measuring, which then throws an `AbortError`; what was found out until then is what was yielded last. */
    readonly signal?: AbortSignal | undefined;
  };

const OTHER_OPTIONS = ['model', 'picture', 'peers', 'signal', ...OBJECTIVE_OPTIONS] as const;

export interface AskedBench {
  readonly plain: ResolvedBenchOptions;
  readonly axes: ResolvedBenchAxes;
  readonly objective: ObjectiveOptions;
  readonly model: ModelInput | undefined;
  readonly picture: PictureInput | undefined;
  readonly peers: readonly PeerName[];
  readonly signal: AbortSignal | undefined;
}

function readPeers(given: unknown): readonly PeerName[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw optionTypeError('peers', 'a list of names', given);
  for (const [index, name] of given.entries())
    if (!Object.hasOwn(PEERS, name)) throw optionRangeError(`peers[${index}]`, `one of ${PEER_NAMES.join(', ')}`, name);
  return given;
}

/** Throws TypeError or RangeError with a code, naming the option, the value and what is allowed. */
export function readBench(given: BenchOptions): AskedBench {
  const { filter, layer, channel, channels, objective: sum, model, picture } = given;
  // Other programs climb one layer, and reports are compared by it.
  if (sum !== undefined) throw optionRangeError('objective', 'left out: a benchmark is of one layer or filter', sum);
  readObjective(given);
  const objective = Object.fromEntries(
    Object.entries({ filter, layer, channel, channels }).filter(([, value]) => value !== undefined),
  ) as ObjectiveOptions;
  const others = { objective, model, picture, peers: readPeers(given.peers), signal: readSignal(given.signal) };
  return { ...readBenchOptions(given, OTHER_OPTIONS), ...others };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: signal.reason });
}

interface Planned {
  readonly variant: BenchVariant;
  readonly operations: number;
}

/** What can be had of what was asked for; the rest is skipped, with the reason. */
async function plan(asked: AskedBench, findings: Findings, dreamer: Dreamer, addon: NativeAddon): Promise<Planned[]> {
  const planned = new Map<string, Planned>();
  const one = async (point: BenchPoint): Promise<void> => {
    const variant = await resolveVariant(point, asked.plain, addon);
    if (planned.has(variant.name)) return findings.skip(nameOf(point), { message: `It is '${variant.name}' again.` });
    const dream = dreamOptions(point, asked.plain, asked.objective);
    planned.set(variant.name, { variant, operations: await dreamer.operations(variant.size, dream) });
  };
  for (const point of combinations(asked.axes)) {
    throwIfAborted(asked.signal);
    await one(point).catch((error: unknown) => {
      // What is wrong with the model or the objective is so of all variants.
      if (!isOfVariant(error)) throw error;
      findings.skip(nameOf(point), error);
    });
  }
  return [...planned.values()];
}

/** Of a combination that cannot be had on this machine, or of this network. */
const OF_VARIANTS: readonly unknown[] = [
  'ERR_LIVEDREAM_OPTION_RANGE',
  'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
  'ERR_LIVEDREAM_PRECISION_UNAVAILABLE',
  'ERR_LIVEDREAM_IMAGE_TOO_SMALL',
  'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
];

function isOfVariant(error: unknown): error is Error & { readonly code: string } {
  return OF_VARIANTS.includes((error as { code?: unknown }).code);
}

/**
 * Measures dreams in every combination of what is given: what the first one costs, in a process of its own, and what each costs
 * from then on, in rounds in which all combinations take turns. Yields what is found out so far, again and again; the last is
 * the whole. What cannot be had is listed with the reason.
 * @throws in the loop: TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_ABORTED, and as `Dreamer.load`
 * does where the model is at fault.
 * @example
 * ```ts
 * import { bench } from 'livedream';
 *
 * const sizes = [{ width: 160, height: 120 }];
 * for await (const { report } of bench({ size: sizes, octaves: 1, iterations: 2, xla: false, rounds: 2, mostRounds: 2 }))
 *   for (const { name, steady } of report.results) console.log(name, steady?.median, 'ms');
 * ```
 */
export function bench(given: BenchOptions = {}): AsyncGenerator<BenchUpdate, void, undefined> {
  return run(readBench(given));
}

async function* run(asked: AskedBench): AsyncGenerator<BenchUpdate, void, undefined> {
  const { plain, objective, model, signal, peers: names } = asked;
  throwIfAborted(signal);
  if (names.length > 0) checkPeerPrograms();
  const picture = await picturesOf(asked.picture);
  const findings = new Findings(await gatherEnvironment(), plain);
  yield { phase: 'preparing', report: findings.report(false) };
  const addon = loadAddon();
  const looking = await Dreamer.load({
    ...(model === undefined ? {} : { model }),
    ...{ device: 'cpu', threads: plain.threads, memoryLimit: Number.MAX_SAFE_INTEGER, signal },
  });
  const planned = await plan(asked, findings, looking, addon).finally(() => looking.dispose());
  for (const { variant, operations } of planned) {
    const request = {
      load: { ...loadOptions(variant, plain), model: sendable(model) },
      dream: dreamOptions(variant, plain, objective),
      picture: await picture(variant.size),
    };
    const answer = await measureCold(request, signal);
    if ('error' in answer) findings.skip(variant.name, answer.error);
    else findings.runners.push({ variant, operations, cold: answer.result, rounds: [] });
    yield { phase: 'first dreams', name: variant.name, report: findings.report(false) };
  }
  const peers = yield* measurePeers({ names, findings, plain, objective, model, signal, picture });
  try {
    yield* runRounds({ findings, plain, objective, model, signal, addon, picture, peers });
  } finally {
    await peers?.dispose();
  }
  yield { phase: 'rounds', report: findings.report(true) };
}
