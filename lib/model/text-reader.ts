import type { WireWriter } from './wire.js';

const code = (character: string): number => character.charCodeAt(0);
const [NEW_LINE, HASH, BACKSLASH, ZERO] = [code('\n'), code('#'), code('\\'), code('0')];
const QUOTES = ['"', "'"] as const;
const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  ...{ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 },
  ...{ '\\': BACKSLASH, "'": code("'"), '"': code('"'), '?': code('?') },
};
const IS_BLANK = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte === 32 || (byte >= 9 && byte <= 13)));
const IS_OCTAL = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte >= 48 && byte < 56));
const IS_WORD = Uint8Array.from({ length: 256 }, (_, byte) => Number(/\w/.test(String.fromCharCode(byte))));

/** What is wrong with a text, and in which line. */
export class TextFault extends Error {}

/** Reads the tokens of protobuf's text format, straight from the bytes: a graph's text may be longer than a string can be. */
export class TextReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    // A byte order mark, with which some editors begin a file.
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3;
  }

  fault(what: string): TextFault {
    let line = 1;
    for (const byte of this.#bytes.subarray(0, this.#at)) if (byte === NEW_LINE) line += 1;
    return new TextFault(`in line ${line}, ${what}`);
  }

  /** That something else stands where the reader is. */
  expected(what: string): TextFault {
    this.#skipBlank();
    const here = Buffer.from(this.#bytes.subarray(this.#at, this.#at + 30)).toString('latin1');
    const found = here.match(/^[\w.+-]+|^./s)?.[0];
    return this.fault(`there must be ${what}, but there is ${found === undefined ? 'the end' : `'${found}'`}`);
  }

  #skipBlank(): void {
    for (let byte = this.#bytes[this.#at]; byte !== undefined; byte = this.#bytes[this.#at]) {
      if (byte === HASH) {
        const end = this.#bytes.indexOf(NEW_LINE, this.#at);
        this.#at = end < 0 ? this.#bytes.length : end;
      } else if (IS_BLANK[byte] !== 1) return;
      else this.#at += 1;
    }
  }

  atEnd(): boolean {
    this.#skipBlank();
    return this.#at >= this.#bytes.length;
  }

  /** Whether the next token is this one, which is then passed. */
  take(token: string): boolean {
    const there = this.isAt(token);
    if (there) this.#at += 1;
    return there;
  }

  /** A name, or the digits of a number without its sign. */
  word(what: string): string {
    this.#skipBlank();
    const start = this.#at;
    let end = start;
    for (; end < this.#bytes.length; end += 1) {
      const byte = this.#bytes[end] as number;
      // The sign of an exponent and the point belong to a number.
      const numeric =
        byte === code('.') || ((byte === code('-') || byte === code('+')) && this.#isExponent(start, end));
      if (IS_WORD[byte] !== 1 && !numeric) break;
    }
    if (end === start) throw this.expected(what);
    this.#at = end;
    return Buffer.from(this.#bytes.subarray(start, end)).toString('latin1');
  }

  #isExponent(start: number, sign: number): boolean {
    const before = Buffer.from(this.#bytes.subarray(Math.max(start, sign - 20), sign)).toString('latin1');
    return /^[\d.]+e$/i.test(before);
  }

  /** Whether the next token is one of these. */
  isAt(...tokens: readonly string[]): boolean {
    this.#skipBlank();
    return tokens.some((token) => this.#bytes[this.#at] === code(token));
  }

  /** Quoted text, in one piece or several, whose bytes go to `writer`. */
  text(writer: WireWriter): void {
    if (!this.isAt(...QUOTES)) throw this.expected('a text in quotes');
    while (this.isAt(...QUOTES)) this.#quoted(writer);
  }

  #quoted(writer: WireWriter): void {
    const quote = this.#bytes[this.#at];
    this.#at += 1;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || byte === NEW_LINE) throw this.fault('a text has no quote at its end');
      this.#at += 1;
      if (byte === quote) return;
      if (byte === BACKSLASH) this.#escape(writer);
      else writer.byte(byte);
    }
  }

  #escape(writer: WireWriter): void {
    // Most of a tensor's bytes are octal: digit by digit, as a regular expression for each would take ten times as long.
    let value = 0;
    let digits = 0;
    for (; digits < 3 && IS_OCTAL[this.#bytes[this.#at] ?? 0] === 1; digits += 1, this.#at += 1)
      value = value * 8 + (this.#bytes[this.#at] as number) - ZERO;
    if (digits > 0) writer.byte(value % 256);
    else this.#otherEscape(writer);
  }

  #otherEscape(writer: WireWriter): void {
    const ahead = Buffer.from(this.#bytes.subarray(this.#at, this.#at + 9)).toString('latin1');
    const [hex, simple] = [/^[xX]([\da-fA-F]{1,2})/.exec(ahead), SIMPLE_ESCAPES[ahead.charAt(0)]];
    const unicode = /^(u[\da-fA-F]{4}|U[\da-fA-F]{8})/.exec(ahead);
    if (hex) writer.byte(Number.parseInt(hex[1] as string, 16));
    else if (unicode) this.#unicode(Number.parseInt(unicode[0].slice(1), 16), writer);
    else if (simple !== undefined) writer.byte(simple);
    else throw this.fault(`a text has the unknown escape '\\${ahead.charAt(0)}'`);
    this.#at += (hex ?? unicode)?.[0].length ?? 1;
  }

  #unicode(point: number, writer: WireWriter): void {
    if (point > 0x10ffff) throw this.fault('a text has an escape of no character');
    for (const byte of Buffer.from(String.fromCodePoint(point))) writer.byte(byte);
  }
}
