/** What lies in memory, such as a guide's bytes, by which one it is: as text it would be as long as the picture. */
const numbers = new WeakMap<object, number>();
let next = 0;

function numberOf(memory: object): number {
  const known = numbers.get(memory);
  if (known !== undefined) return known;
  numbers.set(memory, next);
  return next++;
}

/** Tells options from others: the same text for the same. */
export function optionsKey(options: object): string {
  // As toJSON of a Buffer comes before the replacer, what a field holds is asked of the object that has it.
  return JSON.stringify(options, function (this: Record<string, unknown>, name: string, value: unknown) {
    const held = this[name];
    if (ArrayBuffer.isView(held) || held instanceof ArrayBuffer) return `memory ${numberOf(held)}`;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}
