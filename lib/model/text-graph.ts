import {
  fieldNames,
  type MessageName,
  type Scalar,
  type TextField,
  textField,
  typeNumber,
} from './text-graph-fields.js';
import { TextReader } from './text-reader.js';
import { LENGTH, WireWriter } from './wire.js';

/** protobuf's own limit. */
const MOST_DEPTH = 100;

const WIRE_TYPES: Readonly<Record<Scalar, number>> = {
  ...{ text: LENGTH, integer: 0, boolean: 0, type: 0, float: 5, double: 1 },
};
const BOOLEANS: Readonly<Record<string, bigint>> = {
  ...{ true: 1n, True: 1n, t: 1n, 1: 1n },
  ...{ false: 0n, False: 0n, f: 0n, 0: 0n },
};

function readInteger(reader: TextReader): bigint {
  const negative = reader.take('-');
  const word = reader.word('a whole number');
  const octal = /^0[0-7]+$/.test(word) ? `0o${word.slice(1)}` : word;
  if (!/^(0o[0-7]+|0x[\da-f]+|0|[1-9]\d*)$/i.test(octal)) throw reader.fault(`'${word}' is no whole number`);
  const value = BigInt(octal);
  if (value >= 2n ** 64n) throw reader.fault(`${word} is too large for 64 bits`);
  return negative ? -value : value;
}

function readFloat(reader: TextReader): number {
  const sign = reader.take('-') ? -1 : 1;
  const word = reader.word('a number');
  if (/^inf(inity)?$/i.test(word)) return sign * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(word)) return Number.NaN;
  if (!/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?f?$/i.test(word)) throw reader.fault(`'${word}' is no number`);
  return sign * Number.parseFloat(word);
}

function readBoolean(reader: TextReader): bigint {
  const word = reader.word("'true' or 'false'");
  if (!Object.hasOwn(BOOLEANS, word)) throw reader.fault(`'${word}' is neither 'true' nor 'false'`);
  return BOOLEANS[word] as bigint;
}

function readType(reader: TextReader): bigint {
  const word = reader.word('a type such as DT_FLOAT');
  const number = /^\d{1,3}$/.test(word) ? Number(word) : typeNumber(word);
  if (number === undefined) throw reader.fault(`there is no type '${word}'; there is DT_FLOAT, for instance`);
  return BigInt(number);
}

/** Turns the text of messages into their bytes, as it reads it. */
class TextGraph {
  readonly #reader: TextReader;
  readonly #writer: WireWriter;
  #depth = 0;

  constructor(text: Uint8Array) {
    this.#reader = new TextReader(text);
    this.#writer = new WireWriter(text.length);
  }

  bytes(): Buffer {
    while (!this.#reader.atEnd()) this.#field('GraphDef');
    return this.#writer.bytes();
  }

  #field(message: MessageName, orEnd = ''): void {
    const name = this.#reader.word(`a field of ${message}${orEnd}`);
    const field = textField(message, name);
    if (!field)
      throw this.#reader.fault(`a ${message} has no field '${name}'; it may have ${fieldNames(message).join(', ')}`);
    const colon = this.#reader.take(':');
    if (field.is === 'unread') this.#each(name, () => this.#pass());
    else this.#values(name, { number: field.number, is: field.is }, colon);
    this.#separator();
  }

  #values(name: string, field: TextField & { is: Scalar | MessageName }, colon: boolean): void {
    if (!colon && field.is in WIRE_TYPES) throw this.#reader.expected(`':' after '${name}'`);
    this.#each(name, () => this.#value(name, field));
  }

  #value(name: string, { number, is }: TextField & { is: Scalar | MessageName }): void {
    const scalar = is in WIRE_TYPES;
    this.#writer.tag(number, scalar ? WIRE_TYPES[is as Scalar] : LENGTH);
    if (scalar) this.#scalar(is as Scalar);
    else this.#writer.delimited(() => this.#message(name, is as MessageName));
  }

  #scalar(is: Scalar): void {
    if (is === 'text') this.#writer.delimited(() => this.#reader.text(this.#writer));
    else if (is === 'float') this.#writer.float(readFloat(this.#reader));
    else if (is === 'double') this.#writer.double(readFloat(this.#reader));
    else if (is === 'boolean') this.#writer.varint(readBoolean(this.#reader));
    else this.#writer.varint(is === 'type' ? readType(this.#reader) : readInteger(this.#reader));
  }

  #message(name: string, message: MessageName): void {
    const end = this.#open(`'{' after '${name}'`);
    while (!this.#reader.take(end)) this.#field(message, ` or '${end}'`);
    this.#depth -= 1;
  }

  /** Passes what opens a message; answers with what closes it. */
  #open(what: string): string {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH)
      throw this.#reader.fault(`messages lie within each other more than ${MOST_DEPTH} deep`);
    if (this.#reader.take('{')) return '}';
    if (this.#reader.take('<')) return '>';
    throw this.#reader.expected(what);
  }

  /** Calls `read` for the one value that follows, or for each of a list. */
  #each(name: string, read: () => void): void {
    if (!this.#reader.take('[')) {
      read();
      return;
    }
    if (this.#reader.take(']')) return;
    do read();
    while (this.#reader.take(','));
    if (!this.#reader.take(']')) throw this.#reader.expected(`',' or ']' in the list of '${name}'`);
  }

  /** Passes the value of a field that is not wanted. */
  #pass(): void {
    if (this.#reader.isAt('{', '<')) {
      this.#passMessage();
    } else if (this.#reader.isAt('"', "'")) {
      this.#reader.text(new WireWriter(0));
    } else {
      this.#reader.take('-');
      this.#reader.word('a value');
    }
  }

  #passMessage(): void {
    const end = this.#open("'{'");
    while (!this.#reader.take(end)) {
      const name = this.#reader.word(`a field or '${end}'`);
      this.#reader.take(':');
      this.#each(name, () => this.#pass());
      this.#separator();
    }
    this.#depth -= 1;
  }

  #separator(): void {
    if (!this.#reader.take(',')) this.#reader.take(';');
  }
}

/** The bytes of a GraphDef that is given as protobuf's text format. Throws a TextFault. */
export function textGraphBytes(text: Uint8Array): Buffer {
  return new TextGraph(text).bytes();
}
