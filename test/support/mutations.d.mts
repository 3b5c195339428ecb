/** A damaged copy of a file's bytes, the same for the same number. */
export function mutated(bytes: Buffer, number: number): Buffer;
