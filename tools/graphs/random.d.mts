/** Numbers uniform in [0, 1), the same on every machine. */
export function uniform(seed: number): () => number;
/** Seed of a name. */
export function seedOf(text: string): number;
