import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { optionRangeError } from '../../errors.js';
import { farmPackage } from '../packages.js';
import { storeFailed, uploadAborted } from './failed.js';
import { checkKey, isKey, TRIAL } from './keys.js';
import type { FarmStore, LocalFile, Stored } from './store.js';

/** Milliseconds until a server counts as not there, where it takes no connection, or says nothing for so long. */
const CONNECT_TIME = 3000;
const QUIET_TIME = 6000;
/** The first attempt and two more, within half a minute where nobody answers. */
const ATTEMPTS = 3;

/** Checksums of Amazon's newer kind, which other servers do not all know. */
const PLAIN = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } as const;
/** Bytes of an upload's part, at least, and how many parts one may have, at most. */
const PART = 8 * 2 ** 20;
const MOST_PARTS = 10_000;
/** Bytes that one request may copy. */
const MOST_COPIED = 5 * 2 ** 30;

type Aws = typeof import('@aws-sdk/client-s3');

const EXPECTED = 's3://bucket/prefix, with ?region= and &endpoint= where the environment does not say them';

export interface S3Place {
  readonly bucket: string;
  /** Before every key; empty or with a slash at its end. */
  readonly prefix: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
}

/** Some put access keys there, where they are refused. */
function withoutSecrets(given: string): string {
  return given.replace(/\/\/[^/?]*@/, '//...@').replace(/\?.*$/, '?...');
}

/** Throws a RangeError for what is no such address. Access keys are AWS's own to find, and never part of it. */
export function s3Place(given: string): S3Place {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^[a-z0-9.-]{3,63}$/.test(url.hostname) || url.username || url.password || url.port)
    throw optionRangeError('store', EXPECTED, withoutSecrets(given));
  const { region, endpoint, ...others } = Object.fromEntries(url.searchParams);
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined || (endpoint !== undefined && !/^https?:\/\/[^@]+$/.test(endpoint)))
    throw optionRangeError('store', EXPECTED, withoutSecrets(given));
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return { bucket: url.hostname, prefix: prefix && `${prefix}/`, region, endpoint };
}

interface Answer {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = Object(error) as Answer;
  return name === 'NoSuchKey' || (name !== 'NoSuchBucket' && $metadata?.httpStatusCode === 404);
}

function repairOf(error: unknown): string | undefined {
  const { name = '', $metadata } = Object(error) as Answer;
  if (name === 'NoSuchBucket') return 'Make the bucket first, or name another.';
  if (name === 'CredentialsProviderError') return 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.';
  if ($metadata?.httpStatusCode === 403)
    return 'Use access keys that may read, write, list and remove what is in the bucket.';
  if ($metadata?.httpStatusCode === undefined)
    return 'Say where its server is, by `?endpoint=https://...`, and see that it runs.';
  return undefined;
}

/** A bucket of Amazon S3 or of a server that speaks like it. What it says twice it keeps once: a put replaces the whole object. */
export class S3Store implements FarmStore {
  readonly place: string;
  readonly #at: S3Place;
  readonly #aws: Aws;
  readonly #client: S3Client;

  private constructor(at: S3Place, aws: Aws) {
    this.#at = at;
    this.#aws = aws;
    this.place = `s3://${at.bucket}/${at.prefix}`;
    const { region, endpoint } = at;
    this.#client = new aws.S3Client({
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_TIME, socketTimeout: QUIET_TIME },
      ...(region === undefined ? {} : { region }),
      // Buckets as hosts need a domain of their own, which other servers seldom have.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true, region: region ?? 'us-east-1', ...PLAIN }),
    });
  }

  static async open(at: S3Place): Promise<S3Store> {
    return new S3Store(at, await farmPackage('@aws-sdk/client-s3'));
  }

  async check(): Promise<void> {
    const trial = this.#named(TRIAL);
    await this.#try('cannot be used', async () => {
      await this.#client.send(new this.#aws.PutObjectCommand({ ...trial, Body: 'livedream' }));
      await this.#client.send(new this.#aws.DeleteObjectCommand(trial));
    });
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#try('cannot be written', () =>
      this.#client.send(new this.#aws.PutObjectCommand({ ...this.#named(key), Body: bytes })),
    );
  }

  async putFile(key: string, file: string, signal?: AbortSignal): Promise<void> {
    const { Upload } = await farmPackage('@aws-sdk/lib-storage');
    await this.#try('cannot be written', async () => {
      const { size } = await stat(file);
      // An upload hears of what comes after this alone.
      if (signal?.aborted) throw uploadAborted(signal);
      const body = createReadStream(file);
      // In parts: one request carries 5 GiB at most.
      const upload = new Upload({
        client: this.#client,
        params: { ...this.#named(key), Body: body },
        partSize: Math.max(PART, Math.ceil(size / MOST_PARTS)),
      });
      const abort = (): void => void upload.abort();
      signal?.addEventListener('abort', abort, { once: true });
      await upload.done().finally(() => {
        signal?.removeEventListener('abort', abort);
        body.destroy();
      });
    }).catch((error: unknown) => {
      throw signal?.aborted ? uploadAborted(signal) : error;
    });
  }

  async get(key: string): Promise<Buffer | undefined> {
    return this.#unlessMissing(async () => {
      const { Body } = await this.#client.send(new this.#aws.GetObjectCommand(this.#named(key)));
      return Body && Buffer.from(await Body.transformToByteArray());
    });
  }

  async local(key: string, signal?: AbortSignal): Promise<LocalFile | undefined> {
    return this.#unlessMissing(async () => {
      const { Body } = await this.#client.send(new this.#aws.GetObjectCommand(this.#named(key)));
      const folder = await mkdtemp(path.join(tmpdir(), 'livedream-farm-'));
      const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
      // With its name, by whose end ffmpeg knows some kinds of films.
      const file = path.join(folder, path.basename(key));
      await pipeline(Body as Readable, createWriteStream(file), signal ? { signal } : {}).catch(
        async (error: unknown) => {
          await dispose();
          throw error;
        },
      );
      return { file, [Symbol.asyncDispose]: dispose };
    });
  }

  async has(key: string): Promise<boolean> {
    return (await this.changed(key)) !== undefined;
  }

  async changed(key: string): Promise<Date | undefined> {
    return this.#unlessMissing(async () => {
      const { LastModified } = await this.#client.send(new this.#aws.HeadObjectCommand(this.#named(key)));
      return LastModified ?? new Date();
    });
  }

  async touch(key: string): Promise<boolean> {
    const { Bucket, Key } = this.#named(key);
    const onto = { Bucket, Key, CopySource: encodeURI(`${Bucket}/${Key}`), MetadataDirective: 'REPLACE' as const };
    const touched = await this.#unlessMissing(async () => {
      // Onto itself: it takes 5 GiB at most, and what is larger is put anew.
      const { ContentLength = 0 } = await this.#client.send(new this.#aws.HeadObjectCommand({ Bucket, Key }));
      if (ContentLength <= MOST_COPIED) await this.#client.send(new this.#aws.CopyObjectCommand(onto));
      return ContentLength <= MOST_COPIED;
    });
    return touched ?? false;
  }

  async remove(key: string, upload?: string): Promise<void> {
    const named = this.#named(key);
    await this.#try('cannot be written', async () => {
      if (upload === undefined) await this.#client.send(new this.#aws.DeleteObjectCommand(named));
      else await this.#client.send(new this.#aws.AbortMultipartUploadCommand({ ...named, UploadId: upload }));
    });
  }

  async *list(): AsyncGenerator<Stored, void, undefined> {
    try {
      yield* this.#listWhole();
      yield* this.#listUnfinished();
    } catch (error) {
      throw storeFailed(this.place, 'cannot be read', error);
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async *#listWhole(): AsyncGenerator<Stored, void, undefined> {
    const { bucket: Bucket, prefix: Prefix } = this.#at;
    for await (const { Contents = [] } of this.#aws.paginateListObjectsV2({ client: this.#client }, { Bucket, Prefix }))
      for (const { Key = '', Size = 0, LastModified } of Contents) {
        const key = Key.slice(Prefix.length);
        if (LastModified && isKey(key)) yield { key, bytes: Size, changed: LastModified };
      }
  }

  async *#listUnfinished(): AsyncGenerator<Stored, void, undefined> {
    const { bucket: Bucket, prefix: Prefix } = this.#at;
    let after = {};
    for (;;) {
      const asked = new this.#aws.ListMultipartUploadsCommand({ Bucket, Prefix, ...after });
      const { Uploads = [], IsTruncated, NextKeyMarker, NextUploadIdMarker } = await this.#client.send(asked);
      for (const { Key = '', UploadId = '', Initiated } of Uploads) {
        const key = Key.slice(Prefix.length);
        if (Initiated && isKey(key))
          yield { key, bytes: await this.#bytesOf(Key, UploadId), changed: Initiated, upload: UploadId };
      }
      if (!IsTruncated) return;
      after = { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker };
    }
  }

  /** Of the parts that have come. */
  async #bytesOf(Key: string, UploadId: string): Promise<number> {
    const of = { Bucket: this.#at.bucket, Key, UploadId };
    let bytes = 0;
    let after: string | undefined;
    // Not by the client's own pages, which go on for ever where the last one names a next, too.
    for (;;) {
      const asked = new this.#aws.ListPartsCommand({
        ...of,
        ...(after === undefined ? {} : { PartNumberMarker: after }),
      });
      const { Parts = [], IsTruncated, NextPartNumberMarker } = await this.#client.send(asked);
      for (const { Size = 0 } of Parts) bytes += Size;
      if (!IsTruncated || NextPartNumberMarker === after) return bytes;
      after = NextPartNumberMarker;
    }
  }

  #named(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#at.bucket, Key: this.#at.prefix + checkKey(key) };
  }

  async #try<T>(what: string, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw storeFailed(this.place, what, error, repairOf(error));
    });
  }

  async #unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
    return work().catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw storeFailed(this.place, 'cannot be read', error);
    });
  }
}
