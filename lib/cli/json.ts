/** One line of JSON on stdout; bigints as numbers where they fit, else as strings. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, (_key, entry: unknown) => {
    if (typeof entry !== 'bigint') return entry;
    return entry <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(entry) : entry.toString();
  });
  process.stdout.write(`${text}\n`);
}
