import { deflateRawSync } from 'node:zlib';

/** An entry of a zip file; what is `claimed` may be a lie. */
export interface ZipEntry {
  readonly name: string;
  readonly data?: string | Buffer;
  readonly mode?: number;
  /** The size that the directory gives, where it is not the data's. */
  readonly claimed?: number;
}

function crc32(data: Buffer): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

interface Written {
  readonly local: Buffer;
  readonly central: (offset: number) => Buffer;
}

function write({ name, data = '', mode = 0o644, claimed }: ZipEntry): Written {
  const raw = Buffer.from(data);
  const packed = deflateRawSync(raw);
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(raw), 0);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(claimed ?? raw.length, 8);
  const names = Buffer.alloc(4);
  names.writeUInt16LE(Buffer.byteLength(name), 0);
  // Version 2.0, no flags, deflate, no time.
  const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes, names]);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
  const central = (offset: number): Buffer => {
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    // Made by Unix, so that the mode counts.
    return Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, tail, Buffer.from(name)]);
  };
  return { local, central };
}

/** A zip file, written by hand so that it can also be a wrong one, which no library would write. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = write(entry);
    locals.push(local);
    centrals.push(central(offset));
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
