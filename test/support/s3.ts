import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from './redis.js';

const python = path.resolve(import.meta.dirname, '../../.cache/s3-python/bin/python');

/** Whether tools/s3/setup.mjs could make it; its tests are skipped by name where it could not. */
export const hasS3 = existsSync(path.resolve(python, '../../installed.txt'));

/** Moto takes any. */
const KEYS = { accessKeyId: 'livedream-test', secretAccessKey: 'livedream-test-secret' };

/** An S3 server of its own, with one bucket, and keys for it in the environment. */
export class TestS3 implements AsyncDisposable {
  readonly endpoint: string;
  readonly #process: ChildProcess;

  private constructor(port: number) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.#process = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  }

  static async start(): Promise<TestS3> {
    const server = new TestS3(await freePort());
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey });
    await server.#makeBucket();
    return server;
  }

  /** The address of a store in it. */
  place(prefix: string, bucket = 'dreams'): string {
    return `s3://${bucket}/${prefix}?endpoint=${this.endpoint}`;
  }

  /** For what no store does by itself. */
  client(): S3Client {
    return new S3Client({ endpoint: this.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: KEYS });
  }

  async #makeBucket(): Promise<void> {
    const client = this.client();
    for (let tries = 0; ; tries += 1) {
      if (this.#process.exitCode !== null) throw new Error(`the S3 server ended with ${this.#process.exitCode}`);
      try {
        await client.send(new CreateBucketCommand({ Bucket: 'dreams' }));
        return client.destroy();
      } catch (error) {
        if (tries === 60) throw error;
        await sleep(500);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
