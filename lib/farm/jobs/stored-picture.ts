import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { LiveDreamError } from '../../errors.js';
import { isRawPicture, own, type PictureInput } from '../../image/source.js';
import { isStart, readStart } from '../../image/start.js';
import { StreamedPicture } from '../../image/stream.js';
import type { RawPicture, StartInput } from '../../picture-input.js';
import { notStored } from '../store/failed.js';
import { checkKey, keyOf } from '../store/keys.js';
import type { FarmStore } from '../store/store.js';

const SIDE = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536));

/** A picture of a job: in the store by the hash of its bytes, raw ones with what they are. */
const STORED = v.strictObject({
  stored: v.string(),
  raw: v.optional(
    v.strictObject({
      width: SIDE,
      height: SIDE,
      channels: v.picklist([1, 2, 3, 4]),
      floats: v.optional(v.literal(true)),
    }),
  ),
});
export type StoredPicture = v.InferOutput<typeof STORED>;

/** What a job begins with: a stored picture, or noise or a colour, which `readStart` checks. */
export const JOB_PICTURE = v.union([STORED, v.looseObject({ width: SIDE, height: SIDE })]);
export type JobPicture = StoredPicture | StartInput;

/** Of a stream: as `dream` reads at most. */
const MOST_BYTES = 2 ** 30;

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function putBytes(store: FarmStore, bytes: Uint8Array): Promise<string> {
  const key = keyOf('inputs', sha256Of(bytes));
  if (!(await store.touch(key))) await store.put(key, bytes);
  return key;
}

function rawBytes({ data }: RawPicture): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function encodedBytes(picture: Exclude<ReturnType<typeof own>, RawPicture | StartInput>): Promise<Buffer> {
  if (typeof picture === 'string')
    return readFile(picture).catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
      throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_UNREADABLE', `'${picture}' cannot be read: ${why}.`, { cause });
    });
  if (Buffer.isBuffer(picture)) return picture;
  if (picture instanceof StreamedPicture) return picture.read({ mostBytes: MOST_BYTES, signal: undefined });
  return picture.png().toBuffer();
}

/** Puts a picture into the store, whatever it is given as. */
export async function storePicture(store: FarmStore, input: PictureInput): Promise<JobPicture> {
  const picture = own(input);
  if (isStart(picture)) return readStart(picture);
  if (!isRawPicture(picture)) return { stored: await putBytes(store, await encodedBytes(picture)) };
  const { width, height, channels, data } = picture;
  const floats = data instanceof Float32Array ? ({ floats: true } as const) : {};
  return { stored: await putBytes(store, rawBytes(picture)), raw: { width, height, channels, ...floats } };
}

function withoutHash(key: string): boolean {
  return !/\/[0-9a-f]{64}$/.test(key);
}

/** The bytes of what a job names. Rejects with ERR_LIVEDREAM_FARM_STORE where they are not there, _CHECKSUM where they are others. */
export async function storedBytes(store: FarmStore, key: string): Promise<Buffer> {
  const bytes = await store.get(checkKey(key));
  if (bytes === undefined) throw notStored(store, key);
  if (withoutHash(key) || key.endsWith(sha256Of(bytes))) return bytes;
  throw new LiveDreamError('ERR_LIVEDREAM_CHECKSUM', `'${key}' in the farm's store is not what was put there.`);
}

/** A job's picture as `dreamer.dream` takes it. */
export async function loadPicture(store: FarmStore, picture: JobPicture): Promise<Buffer | RawPicture | StartInput> {
  if (!('stored' in picture)) return picture;
  const { stored, raw } = picture;
  const bytes = await storedBytes(store, stored);
  if (raw === undefined) return bytes;
  const { width, height, channels, floats } = raw;
  const data = floats ? new Float32Array(new Uint8Array(bytes).buffer) : bytes;
  return { data, width, height, channels };
}
