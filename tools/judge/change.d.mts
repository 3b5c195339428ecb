export interface Change {
  readonly alive: number;
  readonly change: number;
  readonly saturation: number;
}

export function change(before: Uint8Array, after: Uint8Array, width: number, height: number): Change;
export function changeTable(rows: readonly (Change & { readonly filter: string })[]): string;
