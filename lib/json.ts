/** What a value is in JSON, as far as bigints go. */
export type InJson<T> = { readonly [K in keyof T]: T[K] extends bigint ? number | string : T[K] };

/** Bigints as numbers where those are exact, else as their digits: JSON has no others. */
export function inJson<T extends object>(value: T): InJson<T> {
  const entries = Object.entries(value).map(([name, entry]: [string, unknown]) => {
    if (typeof entry !== 'bigint') return [name, entry];
    return [name, Number.isSafeInteger(Number(entry)) ? Number(entry) : entry.toString()];
  });
  return Object.fromEntries(entries) as InJson<T>;
}

/** The same object, which JSON.stringify now takes, bigints or not. */
export function withJson<T extends object>(value: T): T {
  // Not enumerable: copies and comparisons see the value's own fields only.
  return Object.defineProperty(value, 'toJSON', { value: () => inJson(value) });
}
