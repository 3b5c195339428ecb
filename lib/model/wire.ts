// protobuf's wire format: reading the outermost fields of a message, and writing messages.

export const LENGTH = 2;
const WIDTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** A field of a message; `end` lies after the bytes that are there where it passes them. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 with a length, 5 four bytes. */
  readonly type: number;
  /** Of a varint. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** A varint of at most 53 bits, or undefined where the bytes end in the middle of it or it is none. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value += (byte % 128) * 128 ** index;
    if (byte < 128) return { value, end: start + index + 1 };
  }
  return undefined;
}

function readField(bytes: Uint8Array, at: number): WireField | undefined {
  const tag = readVarint(bytes, at);
  if (!tag || tag.value < 8) return undefined;
  const [number, type] = [Math.floor(tag.value / 8), tag.value % 8];
  const width = WIDTHS[type];
  if (width !== undefined) return { number, type, value: 0, start: tag.end, end: tag.end + width };
  const varint = type === 0 || type === LENGTH ? readVarint(bytes, tag.end) : undefined;
  if (!varint) return undefined;
  if (type === 0) return { number, type, value: varint.value, start: tag.end, end: varint.end };
  return { number, type, value: 0, start: varint.end, end: varint.end + varint.value };
}

/** The fields of a message in their order, as far as the bytes can be read; the last one may pass their end. */
export function readFields(bytes: Uint8Array, start = 0, end = bytes.length): WireField[] {
  const fields: WireField[] = [];
  const here = bytes.subarray(0, end);
  for (let at = start; at < end; ) {
    const field = readField(here, at);
    if (!field) break;
    fields.push(field);
    at = field.end;
  }
  return fields;
}

/** A message under construction, in one piece of memory that grows. */
export class WireWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(expectedBytes, 64));
  }

  get length(): number {
    return this.#length;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.ceil((this.#length + more) * 1.5));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** A negative number takes ten bytes, as protobuf has it. */
  varint(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) this.byte(Number(rest & 127n) | 128);
    this.byte(Number(rest));
  }

  #size(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  tag(field: number, type: number): void {
    this.#size(field * 8 + type);
  }

  float(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeFloatLE(value, this.#length);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** What `write` writes, with its length before it. */
  delimited(write: () => void): void {
    const start = this.#length;
    write();
    const end = this.#length;
    // The length's own size is known only now: it is written behind, and the two change places.
    this.#size(end - start);
    const size = this.#length - end;
    const length = Buffer.from(this.#bytes.subarray(end, this.#length));
    this.#bytes.copyWithin(start + size, start, end);
    length.copy(this.#bytes, start);
  }
}
