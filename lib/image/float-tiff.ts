// sharp takes raw floats for 16-bit numbers and cuts them off; those of a TIFF stay what they are.

const HEADER_BYTES = 16;
const ENTRY_BYTES = 20;
const SHORT = 3;
const LONG = 4;
const LONG8 = 16;

interface FloatPixels {
  /** RGB, interleaved. */
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Tag, type and values of every entry, by the TIFF 6 specification; a BigTIFF, whose offsets have 8 bytes, holds any size. */
function entries({ data, width, height }: FloatPixels, pixelsAt: number): [number, number, number[]][] {
  return [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, [32, 32, 32]], // bits a sample
    [259, SHORT, [1]], // not compressed
    [262, SHORT, [2]], // RGB
    [273, LONG8, [pixelsAt]],
    [277, SHORT, [3]], // samples a pixel
    [278, LONG, [height]], // rows a strip: all
    [279, LONG8, [data.byteLength]],
    [284, SHORT, [1]], // interleaved
    [339, SHORT, [3, 3, 3]], // floats
  ];
}

function writeEntry(header: DataView, at: number, [tag, type, values]: [number, number, number[]]): void {
  header.setUint16(at, tag, true);
  header.setUint16(at + 2, type, true);
  header.setBigUint64(at + 4, BigInt(values.length), true);
  for (const [index, value] of values.entries()) {
    if (type === SHORT) header.setUint16(at + 12 + 2 * index, value, true);
    else if (type === LONG) header.setUint32(at + 12, value, true);
    else header.setBigUint64(at + 12, BigInt(value), true);
  }
}

/** The pixels as a TIFF of one strip, which libvips reads without changing a value. */
export function floatTiff(pixels: FloatPixels): Buffer {
  const count = entries(pixels, 0).length;
  const pixelsAt = HEADER_BYTES + 8 + count * ENTRY_BYTES + 8;
  const bytes = Buffer.alloc(pixelsAt + pixels.data.byteLength);
  const header = new DataView(bytes.buffer, bytes.byteOffset, pixelsAt);
  header.setUint16(0, 0x4949, true); // least significant byte first, as all platforms here have it
  header.setUint16(2, 43, true); // BigTIFF
  header.setUint16(4, 8, true);
  header.setBigUint64(8, BigInt(HEADER_BYTES), true);
  header.setBigUint64(HEADER_BYTES, BigInt(count), true);
  for (const [index, entry] of entries(pixels, pixelsAt).entries())
    writeEntry(header, HEADER_BYTES + 8 + index * ENTRY_BYTES, entry);
  const { buffer, byteOffset, byteLength } = pixels.data;
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength), pixelsAt);
  return bytes;
}
