/** One line of JSON. */
export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value)}\n`);
}
