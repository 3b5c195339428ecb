export interface NamedFilter {
  readonly layer: string;
  readonly channel?: unknown;
  readonly channels?: readonly unknown[];
}

export interface Score {
  readonly first: number;
  readonly filters: number;
  /** The share of filters one of whose classes the other network named. */
  readonly hits: number;
  /** The same with the classes of other filters, over all pairs. */
  readonly shuffled: number;
  readonly rows: readonly {
    readonly filter: string;
    readonly classes: readonly string[];
    readonly seen: readonly string[];
    readonly hit: boolean;
    readonly byChance: number;
  }[];
}

type Names = Readonly<Record<string, readonly string[]>>;

export function classesOf(filter: NamedFilter): string[] | undefined;
export function score(expected: Names, seen: Names, first?: number): Score;
export function markdown(score: Score): string;
