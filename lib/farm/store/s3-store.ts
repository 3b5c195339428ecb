import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { optionRangeError } from '../../errors.js';
import { farmPackage } from '../packages.js';
import { storeFailed } from './failed.js';
import { checkKey } from './keys.js';
import type { FarmStore, LocalFile, Stored } from './store.js';

type Aws = typeof import('@aws-sdk/client-s3');

const EXPECTED = 's3://bucket/prefix, with ?region= and &endpoint= where the environment does not say them';

export interface S3Place {
  readonly bucket: string;
  /** Before every key; empty or with a slash at its end. */
  readonly prefix: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
}

/** Throws a RangeError for what is no such address. Access keys are AWS's own to find, and never part of it. */
export function s3Place(given: string): S3Place {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^[a-z0-9.-]{3,63}$/.test(url.hostname) || url.username || url.password || url.port)
    throw optionRangeError('store', EXPECTED, given);
  const { region, endpoint, ...others } = Object.fromEntries(url.searchParams);
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined || (endpoint !== undefined && !/^https?:\/\//.test(endpoint)))
    throw optionRangeError('store', EXPECTED, given);
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return { bucket: url.hostname, prefix: prefix && `${prefix}/`, region, endpoint };
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as {
    readonly name?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return name === 'NoSuchKey' || (name !== 'NoSuchBucket' && $metadata?.httpStatusCode === 404);
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
      ...(region === undefined ? {} : { region }),
      // Buckets as hosts need a domain of their own, which other servers seldom have.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true, region: region ?? 'us-east-1' }),
    });
  }

  static async open(at: S3Place): Promise<S3Store> {
    return new S3Store(at, await farmPackage('@aws-sdk/client-s3'));
  }

  async check(): Promise<void> {
    const trial = { Bucket: this.#at.bucket, Key: `${this.#at.prefix}.trial` };
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
      // In parts: one request carries 5 GiB at most.
      const upload = new Upload({
        client: this.#client,
        params: { ...this.#named(key), Body: createReadStream(file) },
      });
      const abort = (): void => void upload.abort();
      signal?.addEventListener('abort', abort, { once: true });
      await upload.done().finally(() => signal?.removeEventListener('abort', abort));
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
    const head = await this.#unlessMissing(() => this.#client.send(new this.#aws.HeadObjectCommand(this.#named(key))));
    return head !== undefined;
  }

  async remove(key: string): Promise<void> {
    await this.#try('cannot be written', () => this.#client.send(new this.#aws.DeleteObjectCommand(this.#named(key))));
  }

  async *list(): AsyncGenerator<Stored, void, undefined> {
    const { bucket, prefix } = this.#at;
    const pages = this.#aws.paginateListObjectsV2({ client: this.#client }, { Bucket: bucket, Prefix: prefix });
    try {
      for await (const { Contents = [] } of pages)
        for (const { Key = '', Size = 0, LastModified } of Contents)
          if (LastModified) yield { key: Key.slice(prefix.length), bytes: Size, changed: LastModified };
    } catch (error) {
      throw storeFailed(this.place, 'cannot be read', error);
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #named(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#at.bucket, Key: this.#at.prefix + checkKey(key) };
  }

  async #try<T>(what: string, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw storeFailed(this.place, what, error);
    });
  }

  async #unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
    return work().catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw storeFailed(this.place, 'cannot be read', error);
    });
  }
}
