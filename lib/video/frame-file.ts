import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { bytesOf, type Frame, type FrameShape } from './frame.js';
import { pack, unpack } from './packed.js';

// Finished frames in one file, one behind the other. A process that is killed leaves the last of them in part, which is seen by
// its length or checksum and cut off; all before it are whole.

const MAGIC = 0x4c444631;
const HASH_BYTES = 16;
/** Magic, place, width, height, channels, bits, bytes, time, length, checksum. */
const HEAD_BYTES = 4 * 7 + 8 * 2 + HASH_BYTES;

interface FrameRecord {
  readonly place: number;
  readonly shape: FrameShape;
  readonly time: bigint;
  readonly length: bigint;
  /** Where its pixels lie in the file. */
  readonly from: number;
  readonly bytes: number;
  readonly hash: Buffer;
}

function hashOf(head: Uint8Array, packed: Uint8Array): Buffer {
  return createHash('sha256').update(head).update(packed).digest().subarray(0, HASH_BYTES);
}

function strideOf({ channels, bits }: FrameShape): number {
  return channels * (bits / 8);
}

/** All of the head but its checksum. */
function headOf(frame: Frame, place: number, bytes: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES - HASH_BYTES);
  const words = [MAGIC, place, frame.width, frame.height, frame.channels, frame.bits, bytes];
  for (const [index, word] of words.entries()) head.writeUInt32LE(word, index * 4);
  head.writeBigInt64LE(frame.time, 28);
  head.writeBigInt64LE(frame.length, 36);
  return head;
}

function readHead(head: Buffer, at: number): FrameRecord | undefined {
  const word = (index: number): number => head.readUInt32LE(index * 4);
  if (word(0) !== MAGIC) return undefined;
  const [channels, bits] = [word(4), word(5)];
  if ((channels !== 3 && channels !== 4) || (bits !== 8 && bits !== 16)) return undefined;
  return {
    place: word(1),
    shape: { width: word(2), height: word(3), channels, bits },
    bytes: word(6),
    time: head.readBigInt64LE(28),
    length: head.readBigInt64LE(36),
    from: at + HEAD_BYTES,
    hash: head.subarray(HEAD_BYTES - HASH_BYTES),
  };
}

/** A file of finished frames. */
export class FrameFile {
  readonly #handle: FileHandle;
  readonly #first: number;
  #records: readonly FrameRecord[];
  #end: number;
  #count: number;

  private constructor(handle: FileHandle, first: number, records: readonly FrameRecord[], end: number) {
    this.#handle = handle;
    this.#first = first;
    this.#records = records;
    this.#end = end;
    this.#count = records.length;
  }

  /**
   * Opens it, makes it where it is not there, and cuts off what is not whole.
   * @param first the number of the first frame in it
   */
  static async open(file: string, first = 0): Promise<FrameFile> {
    const handle = await open(file, 'a+').then(async (made) => {
      await made.close();
      return open(file, 'r+');
    });
    try {
      const records = await wholeRecords(handle, first);
      const end = endOf(records);
      await handle.truncate(end);
      return new FrameFile(handle, first, records, end);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Opens one that is finished, to be read only. Rejects where it is not there, or not all of it is whole frames from `first` on. */
  static async read(file: string, first: number): Promise<FrameFile> {
    const handle = await open(file, 'r');
    try {
      const records = await wholeRecords(handle, first);
      const end = endOf(records);
      const { size } = await handle.stat();
      if (end < size) throw new Error(`of ${size} bytes only ${end} are frames from ${first} on`);
      return new FrameFile(handle, first, records, end);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** How many frames it has. */
  get count(): number {
    return this.#count;
  }

  /** Those that were there when it was opened. Rejects where one is damaged. */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    for (const record of this.#records) yield await readFrame(this.#handle, record);
  }

  /** Forgets all but the first of them. */
  async cut(count: number): Promise<void> {
    this.#records = this.#records.slice(0, count);
    this.#end = endOf(this.#records);
    this.#count = this.#records.length;
    await this.#handle.truncate(this.#end);
  }

  async append(frame: Frame): Promise<void> {
    const packed = await pack(frame.data, strideOf(frame));
    const head = headOf(frame, this.#first + this.#count, packed.length);
    const pieces = [head, hashOf(head, packed), packed];
    const bytes = HEAD_BYTES + packed.length;
    let written = 0;
    const whole = Buffer.concat(pieces);
    // A disk that is nearly full takes a part, and says so only at the next write.
    while (written < bytes) {
      const { bytesWritten } = await this.#handle.write(whole, written, bytes - written, this.#end + written);
      written += bytesWritten;
    }
    this.#end += bytes;
    this.#count += 1;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Where the next would lie. */
function endOf(records: readonly FrameRecord[]): number {
  const last = records[records.length - 1];
  return last ? last.from + last.bytes : 0;
}

async function readFrame(handle: FileHandle, record: FrameRecord): Promise<Frame> {
  const { shape, time, length, place } = record;
  const bytes = Buffer.alloc(HEAD_BYTES + record.bytes);
  await handle.read(bytes, 0, bytes.length, record.from - HEAD_BYTES);
  const packed = bytes.subarray(HEAD_BYTES);
  if (!hashOf(bytes.subarray(0, HEAD_BYTES - HASH_BYTES), packed).equals(record.hash))
    throw new Error(`the kept frame ${place} is damaged`);
  return { ...shape, time, length, data: await unpack(packed, strideOf(shape), bytesOf(shape)) };
}

async function isWhole(handle: FileHandle, record: FrameRecord): Promise<boolean> {
  return readFrame(handle, record).then(
    () => true,
    () => false,
  );
}

/** Found by their heads alone, but for the last, which is looked at as a whole. */
async function wholeRecords(handle: FileHandle, first: number): Promise<FrameRecord[]> {
  const { size } = await handle.stat();
  const records: FrameRecord[] = [];
  for (let at = 0; at + HEAD_BYTES <= size; ) {
    const head = Buffer.alloc(HEAD_BYTES);
    await handle.read(head, 0, HEAD_BYTES, at);
    const record = readHead(head, at);
    if (!record || record.place !== first + records.length || record.from + record.bytes > size) break;
    records.push(record);
    at = record.from + record.bytes;
  }
  for (let last = records.pop(); last !== undefined; last = records.pop()) {
    if (!(await isWhole(handle, last))) continue;
    records.push(last);
    break;
  }
  return records;
}
