import * as v from 'valibot';

/** What a job needs of its worker, as far as it says: what decides a dream's bytes. */
export const NEEDS = v.strictObject({
  /** The version of this package. */
  livedream: v.string(),
  /** The version of the library. */
  tensorflow: v.optional(v.string()),
  model: v.optional(v.string()),
  modelSha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  /** The device's kind, XLA, loop and precision: `engineOf`. */
  engine: v.optional(v.string()),
});

export type Needs = v.InferOutput<typeof NEEDS>;

/** What a worker is, as it tells the farm. Plain JSON. */
export interface WorkerFacts extends Required<Needs> {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly device: string;
  /** A name for all that machine code depends on: where it is the same, the same job gives the same bytes. */
  readonly machine: string;
  readonly concurrency: number;
  /** When it began, in milliseconds of the epoch. */
  readonly since: number;
  /** The key of what it knows of its model. */
  readonly about: string;
  /** Where live clients are dreamed for, where it takes any: `--live`. */
  readonly live?: string;
}

const NAMES: Readonly<Record<keyof Needs, string>> = {
  livedream: 'livedream',
  tensorflow: 'TensorFlow',
  model: 'the model',
  modelSha256: 'the model of SHA-256',
  engine: 'an engine',
};

/** Why a worker cannot do what needs this, as `needs TensorFlow 2.18.0, and this worker has 2.19.0`; undefined where it can. */
export function misfit(needs: Needs, facts: Needs): string | undefined {
  for (const [name, shown] of Object.entries(NAMES) as [keyof Needs, string][]) {
    const wanted = needs[name];
    if (wanted !== undefined && wanted !== facts[name])
      return `needs ${shown} ${wanted}, and this worker has ${facts[name] ?? 'none'}`;
  }
  return undefined;
}

/** All that a worker has of what a job may need: what is done by it may be gone on with by its like alone. */
export function needsOf({ livedream, tensorflow, model, modelSha256, engine }: WorkerFacts): Required<Needs> {
  return { livedream, tensorflow, model, modelSha256, engine };
}
