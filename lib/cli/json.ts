/** One line of JSON; bigints as numbers where they fit, else as strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) => {
    if (typeof entry !== 'bigint') return entry;
    return entry <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(entry) : entry.toString();
  });
}

export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value)}\n`);
}
