import { xmpOf } from './xmp.js';

/** Writes what a picture was made with into what a browser encoded, as lib/image/parameters.ts does on the service. */

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of parts) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

function number(value: number, bytes: number, little = false): Uint8Array<ArrayBuffer> {
  const digits = Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256);
  return Uint8Array.from(little ? digits : digits.reverse());
}

/** An APP1 segment behind the first marker. */
function intoJpeg(bytes: Uint8Array, xmp: Uint8Array): Uint8Array<ArrayBuffer> {
  const content = joined(utf8('http://ns.adobe.com/xap/1.0/\0'), xmp);
  const segment = joined(Uint8Array.of(0xff, 0xe1), number(content.length + 2, 2), content);
  return joined(bytes.subarray(0, 2), segment, bytes.subarray(2));
}

/** PNG's checksum, bit by bit: it is a few hundred bytes. */
function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** Signature and header, which comes first and is always as long. */
const PNG_HEAD = 33;

function intoPng(bytes: Uint8Array, xmp: Uint8Array): Uint8Array<ArrayBuffer> {
  const content = joined(utf8('iTXtXML:com.adobe.xmp\0\0\0\0\0'), xmp);
  const chunk = joined(number(content.length - 4, 4), content, number(crc(content), 4));
  return joined(bytes.subarray(0, PNG_HEAD), chunk, bytes.subarray(PNG_HEAD));
}

function riff(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined(utf8(name), number(content.length, 4, true), content, new Uint8Array(content.length % 2));
}

const HAS_XMP = 4;
const HAS_ALPHA = 16;

/** WebP has room for XMP only behind a chunk VP8X, which a browser may have written or not. */
function intoWebp(bytes: Uint8Array, xmp: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const first = String.fromCharCode(...bytes.subarray(12, 16));
  const extended = first === 'VP8X';
  const flags = extended ? (bytes[20] as number) | HAS_XMP : HAS_XMP | (first === 'VP8L' ? HAS_ALPHA : 0);
  const size = joined(number(width - 1, 3, true), number(height - 1, 3, true));
  const head = riff('VP8X', joined(Uint8Array.of(flags, 0, 0, 0), size));
  const rest = bytes.subarray(extended ? 30 : 12);
  return riff('RIFF', joined(utf8('WEBP'), head, rest, riff('XMP ', xmp)));
}

/** The picture with its parameters in it. */
export async function embedded(picture: Blob, parameters: object, width: number, height: number): Promise<Blob> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const xmp = utf8(xmpOf(parameters));
  const { type } = picture;
  if (type === 'image/jpeg') return new Blob([intoJpeg(bytes, xmp)], { type });
  if (type === 'image/webp') return new Blob([intoWebp(bytes, xmp, width, height)], { type });
  return new Blob([intoPng(bytes, xmp)], { type });
}
