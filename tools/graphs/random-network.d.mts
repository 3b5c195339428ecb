/** A structure as in inception5h-structure.json. */
export interface NetworkStructure {
  readonly ops: readonly { readonly op: string; readonly name: string }[];
  readonly weights: Readonly<Record<string, { readonly shape: readonly number[] }>>;
}

/**
 * A serialized GraphDef of that structure, with random weights that are the same on every machine; `mean` of each filter in
 * 1 / fan-in.
 */
export function randomNetwork(structure: NetworkStructure, mean?: number): Buffer;
