/** A kind of samples in a TIFF: what libtiff calls their format (1 without a sign, 2 with one, 3 floats), and their bits. */
export type Samples = Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array;

function formatOf(samples: Samples): number {
  if (samples instanceof Float32Array) return 3;
  return samples instanceof Int16Array || samples instanceof Int32Array ? 2 : 1;
}

/** A classic TIFF of one strip, uncompressed, with an alpha channel where there are 2 or 4; with a colour profile if given. */
export function tiff(samples: Samples, width: number, channels: 1 | 2 | 3 | 4, profile?: Buffer): Buffer {
  const bits = samples.BYTES_PER_ELEMENT * 8;
  const height = samples.length / width / channels;
  const pixels = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const each = (value: number): number[] => Array<number>(channels).fill(value);
  const hasAlpha = channels % 2 === 0;
  const list: [number, number, number[]][] = [
    [256, 3, [width]],
    [257, 3, [height]],
    [258, 3, each(bits)],
    [259, 3, [1]],
    [262, 3, [channels < 3 ? 1 : 2]],
    [273, 4, [0]],
    [277, 3, [channels]],
    [278, 3, [height]],
    [279, 4, [pixels.length]],
    ...(hasAlpha ? [[338, 3, [2]] as [number, number, number[]]] : []),
    [339, 3, each(formatOf(samples))],
    ...(profile ? [[34675, 7, [...profile]] as [number, number, number[]]] : []),
  ];
  const bytesOf = (type: number): number => ({ 3: 2, 4: 4, 7: 1 })[type] ?? 0;
  const head = Buffer.alloc(8 + 2 + list.length * 12 + 4);
  head.write('II*\0');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(list.length, 8);
  const long = list.filter(([, type, values]) => bytesOf(type) * values.length > 4);
  const sizes = long.map(([, type, values]) => bytesOf(type) * values.length);
  const outside = Buffer.alloc(sizes.reduce((sum, size) => sum + size + (size % 2), 0));
  let free = 0;
  for (const [index, [tag, type, values]] of list.entries()) {
    const at = 10 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(values.length, at + 4);
    const size = bytesOf(type) * values.length;
    const write = (into: Buffer, from: number): void => {
      for (const [place, value] of values.entries())
        into.writeUIntLE(value, from + place * bytesOf(type), bytesOf(type));
    };
    if (tag === 273) head.writeUInt32LE(head.length + outside.length, at + 8);
    else if (size <= 4) write(head, at + 8);
    else {
      head.writeUInt32LE(head.length + free, at + 8);
      write(outside, free);
      free += size + (size % 2);
    }
  }
  return Buffer.concat([head, outside, pixels]);
}
