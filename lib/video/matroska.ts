import type { Frame, FrameShape } from './frame.js';
import { nanoseconds, quotient, type Rational } from './rational.js';

// Raw frames with their times, as ffmpeg reads them from a pipe: Matroska (RFC 9559) with a clock of nanoseconds. A pipe of bare
// pixels has no times, and would make every film one of constant rate.

const ID = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  codecId: 0x86,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  colourSpace: 0x2eb524,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  blockGroup: 0xa0,
  block: 0xa1,
  blockDuration: 0x9b,
} as const;

const VIDEO = 1;
const TRACK = 1;
/** A length that is not known: the segment goes on as long as frames come. */
const UNKNOWN = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

function idBytes(id: number): Buffer {
  const hex = id.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** A length in eight bytes, the first of which says that there are eight. */
function sizeBytes(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size));
  bytes[0] = 0x01;
  return bytes;
}

function head(id: number, size: number): Buffer {
  return Buffer.concat([idBytes(id), sizeBytes(size)]);
}

function element(id: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  return Buffer.concat([head(id, bytes.length), bytes]);
}

function unsigned(id: number, value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return element(id, bytes);
}

function text(id: number, value: string): Buffer {
  return element(id, Buffer.from(value, 'latin1'));
}

/** The letters by which ffmpeg knows raw pixels: libavcodec/raw.c. */
function fourCc({ channels, bits }: FrameShape): Buffer {
  if (bits === 16) return Buffer.from(channels === 4 ? [...Buffer.from('RBA'), 64] : [...Buffer.from('RGB'), 48]);
  return Buffer.from(channels === 4 ? Buffer.from('RGBA') : [...Buffer.from('RGB'), 24]);
}

/** What stands before the first frame; `rate` is what one frame without a length is shown for. */
export function matroskaHeader(shape: FrameShape, rate: Rational | undefined): Buffer {
  const duration = rate && BigInt(Math.round(1e9 / quotient(rate)));
  const video = element(
    ID.video,
    unsigned(ID.pixelWidth, shape.width),
    unsigned(ID.pixelHeight, shape.height),
    element(ID.colourSpace, fourCc(shape)),
  );
  const entry = element(
    ID.trackEntry,
    unsigned(ID.trackNumber, TRACK),
    unsigned(ID.trackUid, TRACK),
    unsigned(ID.trackType, VIDEO),
    text(ID.codecId, 'V_UNCOMPRESSED'),
    ...(duration ? [unsigned(ID.defaultDuration, duration)] : []),
    video,
  );
  return Buffer.concat([
    element(ID.ebml, text(ID.docType, 'matroska'), unsigned(ID.docTypeVersion, 4), unsigned(ID.docTypeReadVersion, 2)),
    idBytes(ID.segment),
    UNKNOWN,
    element(ID.info, unsigned(ID.timestampScale, 1)),
    element(ID.tracks, entry),
  ]);
}

/** What stands before a frame's pixels: a cluster of its own, as a block's own time has only 16 bits. */
export function matroskaFrameHead({ data, time, length }: Frame, clock: Rational): Buffer {
  const block = Buffer.from([0x80 | TRACK, 0, 0, 0]);
  const duration = length > 0n ? unsigned(ID.blockDuration, nanoseconds(length, clock)) : Buffer.alloc(0);
  const blockHead = head(ID.block, block.length + data.length);
  // The duration comes first, so that the pixels are the end and are never copied.
  const group = duration.length + blockHead.length + block.length + data.length;
  const groupHead = head(ID.blockGroup, group);
  const timestamp = unsigned(ID.timestamp, nanoseconds(time < 0n ? 0n : time, clock));
  return Buffer.concat([
    head(ID.cluster, timestamp.length + groupHead.length + group),
    timestamp,
    groupHead,
    duration,
    blockHead,
    block,
  ]);
}
