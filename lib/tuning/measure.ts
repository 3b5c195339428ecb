/** What one trial of a batch took, in milliseconds. */
export interface Trial {
  /** Of one step of all tiles. */
  readonly step: number;
  /** Of building its program, 0 where that was there. */
  readonly compile: number;
}

export interface MeasuredBatch {
  /** The fastest, and of those that are as good the smallest. */
  readonly batch: number;
  /** Milliseconds that one tile takes in a step, by batch. */
  readonly msPerTile: Readonly<Record<string, number>>;
}

/** Steps of each trial; of each batch three trials count, and one before them does not, which builds the program. */
export const STEPS = 2;
const ROUNDS = 3;
/** Below such a gain, it may be the clock's: a smaller batch costs less memory, and less waiting for the first result. */
const GAIN = 0.03;
/** What is so much slower than the best is followed by nothing faster. */
const LOST = 0.1;

export interface Question {
  /** Ascending, the first is 1. */
  readonly candidates: readonly number[];
  readonly trial: (batch: number) => Promise<Trial>;
  /** Milliseconds that measuring may cost, of which the first trial tells what to expect. */
  readonly budget: (first: Trial) => number;
  readonly now?: () => number;
}

/** What trying the other batches will take, by what the first one took. */
export function expectedCost(candidates: readonly number[], { step, compile }: Trial): number {
  return candidates.slice(1).reduce((sum, batch) => sum + compile + (ROUNDS + 1) * STEPS * batch * step, 0);
}

/**
 * The fastest batch: each is tried in turns with the best before it, so that the machine's moods hit both, and the least time
 * counts, until a larger one loses. Undefined where that would cost more than it may.
 */
export async function measureBatch(question: Question): Promise<MeasuredBatch | undefined> {
  const { candidates, trial, budget, now = Date.now } = question;
  const { compile } = await trial(1);
  const first = { step: (await trial(1)).step, compile };
  const most = budget(first);
  if (expectedCost(candidates, first) > most) return undefined;
  const end = now() + most;
  const least = new Map<number, number>();
  const of = (batch: number): number => least.get(batch) ?? Number.POSITIVE_INFINITY;
  const take = async (batch: number): Promise<void> => {
    const { step } = await trial(batch);
    least.set(batch, Math.min(step / batch, of(batch)));
  };
  let best = 1;
  await take(best);
  for (const batch of candidates.slice(1)) {
    if (now() > end) break;
    await trial(batch);
    const lost = (): boolean => of(batch) > (1 + LOST) * of(best);
    // What seems to lose has another chance: a moment of other work on the machine is not to be kept for good.
    for (let round = 0; round < ROUNDS || (round < 3 * ROUNDS && lost()); round += 1)
      for (const each of [best, batch]) await take(each);
    if (lost()) break;
    if (of(batch) < of(best)) best = batch;
  }
  const enough = (1 + GAIN) * of(best);
  const batch = Math.min(...[...least.keys()].filter((each) => of(each) <= enough));
  const msPerTile = [...least]
    .filter(([, ms]) => Number.isFinite(ms))
    .map(([each, ms]) => [String(each), Number(ms.toPrecision(4))]);
  return { batch, msPerTile: Object.fromEntries(msPerTile) as Record<string, number> };
}
