import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '../../lib/farm/jobs/stored-picture.js';
import { keyOf } from '../../lib/farm/store/keys.js';
import { openStore } from '../../lib/farm/store/open-store.js';
import { s3Place } from '../../lib/farm/store/s3-store.js';
import type { FarmStore, Stored } from '../../lib/farm/store/store.js';
import { hasS3, TestS3 } from '../support/s3.js';

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LARGE = 17 * 2 ** 20 + 5;
const UNUSABLE = { code: 'ERR_LIVEDREAM_FARM_STORE' };

async function all(store: FarmStore): Promise<Stored[]> {
  const found: Stored[] = [];
  for await (const each of store.list()) found.push(each);
  return found;
}

/** What every store promises. */
function promises(open: () => Promise<FarmStore>, unfinished: (key: string) => Promise<void>): void {
  let store: FarmStore;
  const file = path.join(folder, 'large');
  beforeAll(async () => {
    store = await open();
    writeFileSync(file, randomBytes(LARGE));
  }, 120_000);
  afterAll(() => store?.close());

  it('keeps what is put, until it is removed', async () => {
    const bytes = randomBytes(1000);
    const key = keyOf('inputs', sha256Of(bytes));
    expect(await store.get(key)).toBeUndefined();
    expect(await store.has(key)).toBe(false);
    expect(await store.touch(key)).toBe(false);
    expect(await store.changed(key)).toBeUndefined();
    expect(await store.local(key)).toBeUndefined();
    await store.put(key, bytes);
    expect((await store.get(key))?.equals(bytes)).toBe(true);
    expect(await store.has(key)).toBe(true);
    expect(await store.touch(key)).toBe(true);
    expect((await store.get(key))?.equals(bytes)).toBe(true);
    const [found] = await all(store);
    expect(found).toEqual({ key, bytes: 1000, changed: await store.changed(key) });
    await store.put(key, Buffer.from('other'));
    expect(String(await store.get(key))).toBe('other');
    await store.remove(key);
    await store.remove(key);
    expect(await store.has(key)).toBe(false);
    expect(await all(store)).toEqual([]);
  });

  it('takes a file in parts, and gives it as one', async () => {
    const key = keyOf('frames', sha256Of(Buffer.from('large')));
    await store.putFile(key, file);
    let where: string;
    {
      await using local = (await store.local(key)) as NonNullable<Awaited<ReturnType<FarmStore['local']>>>;
      where = local.file;
      expect(readFileSync(where).equals(readFileSync(file))).toBe(true);
      expect(path.basename(where)).toBe(path.basename(key));
    }
    expect((await all(store)).map(({ bytes }) => bytes)).toEqual([LARGE]);
    await store.remove(key);
    await expect(store.putFile(key, path.join(folder, 'missing'))).rejects.toMatchObject(UNUSABLE);
    expect(await all(store)).toEqual([]);
  }, 120_000);

  it('has one of two that are put at once, whole', async () => {
    const key = keyOf('results', `${sha256Of(Buffer.from('two'))}.png`);
    const both = [randomBytes(100_000), randomBytes(200_000)];
    await Promise.all(both.map((bytes) => store.put(key, bytes)));
    const kept = (await store.get(key)) as Buffer;
    expect(both.some((bytes) => bytes.equals(kept))).toBe(true);
    await store.remove(key);
  });

  it('leaves nothing of an upload that is cancelled', async () => {
    const key = keyOf('frames', sha256Of(Buffer.from('cancelled')));
    const early = store.putFile(key, file, AbortSignal.abort(new Error('not wanted')));
    await expect(early).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    const controller = new AbortController();
    const late = store.putFile(key, file, controller.signal);
    // The cancel comes while it is under way, or else before it has begun.
    setTimeout(() => controller.abort(new Error('not wanted')), 5);
    await expect(late).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    await expect.poll(() => all(store), { timeout: 20_000 }).toEqual([]);
  }, 60_000);

  it('lists and removes what a killed process left unfinished', async () => {
    await unfinished(keyOf('frames', sha256Of(Buffer.from('killed'))));
    const [left] = (await all(store)) as [Stored];
    expect(left).toMatchObject({ bytes: 9, changed: expect.any(Date) });
    await store.remove(left.key, left.upload);
    expect(await all(store)).toEqual([]);
  });

  it('refuses keys that are none', async () => {
    for (const key of [
      'inputs/../secret',
      '../inputs/00/00',
      '/etc/passwd',
      'inputs/00/..',
      'others/00/00',
      'inputs/00/',
    ])
      for (const use of [
        () => store.get(key),
        () => store.put(key, Buffer.from('')),
        () => store.remove(key),
        () => store.local(key),
      ])
        await expect(use(), key).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_FARM_JOB' });
  });
}

describe('a store in a folder', () => {
  const at = path.join(folder, 'store');
  promises(
    () => openStore(at),
    async (key) => {
      const beside = path.dirname(path.join(at, key));
      mkdirSync(beside, { recursive: true });
      writeFileSync(path.join(beside, '.unfinished-1234'), 'livedream');
    },
  );

  it('lets other files lie', async () => {
    const store = await openStore(path.join(folder, 'others'));
    mkdirSync(path.join(folder, 'others/inputs/ab/folder'), { recursive: true });
    for (const name of ['inputs/.DS_Store', 'inputs/ab/Not A Key', 'notes.txt'])
      writeFileSync(path.join(folder, 'others', name), '');
    expect(await all(store)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('is refused where it cannot be written (not as root)', async () => {
    const closed = path.join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    await expect(openStore(closed)).rejects.toMatchObject(UNUSABLE);
  });

  it('is refused where it is a file, or on /proc', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    await expect(openStore(path.join(folder, 'file'))).rejects.toMatchObject(UNUSABLE);
    await expect(openStore('/proc/livedream')).rejects.toMatchObject(UNUSABLE);
  });

  const small = path.join(folder, 'small');
  mkdirSync(small);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]).status === 0;
  afterAll(() => {
    if (mounted) spawnSync('umount', [small]);
  });

  it.skipIf(!mounted)('says that its disk is full, and leaves nothing there (needs a tmpfs)', async () => {
    const store = await openStore(small);
    const key = keyOf('inputs', sha256Of(Buffer.from('full')));
    const large = path.join(folder, 'full');
    writeFileSync(large, randomBytes(2 ** 21));
    for (const put of [() => store.put(key, readFileSync(large)), () => store.putFile(key, large)])
      await expect(put()).rejects.toMatchObject({ ...UNUSABLE, message: expect.stringMatching(/ENOSPC.*farm clean/) });
    expect(readdirSync(small, { recursive: true }).filter((name) => String(name).includes('unfinished'))).toEqual([]);
    expect(await all(store)).toEqual([]);
    await store.put(key, randomBytes(1000));
  });
});

describe.skipIf(!hasS3)('a store on S3 (moto)', () => {
  let server: TestS3;
  beforeAll(async () => {
    server = await TestS3.start();
  }, 60_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  promises(
    () => openStore(server.place('some/prefix')),
    async (key) => {
      const client = server.client();
      const at = { Bucket: 'dreams', Key: `some/prefix/${key}` };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
      await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'livedream' }));
      client.destroy();
    },
  );

  it('leaves no parts of an upload that is cancelled on its way', async () => {
    const store = await openStore(server.place('cancelled'));
    const pipe = path.join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const controller = new AbortController();
    const putting = store.putFile(keyOf('frames', sha256Of(Buffer.from('pipe'))), pipe, controller.signal);
    putting.catch(() => undefined);
    // A file that has no end as long as nobody gives it one.
    const writer = createWriteStream(pipe);
    writer.on('error', () => undefined);
    writer.write(randomBytes(LARGE));
    await expect
      .poll(() => all(store), { timeout: 20_000 })
      .toEqual([expect.objectContaining({ upload: expect.any(String) })]);
    controller.abort(new Error('not wanted'));
    await expect(putting).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    writer.end();
    await expect.poll(() => all(store), { timeout: 20_000 }).toEqual([]);
  }, 60_000);

  it('keeps to its prefix', async () => {
    const [one, other] = [await openStore(server.place('one')), await openStore(server.place('one-more'))];
    const key = keyOf('inputs', sha256Of(Buffer.from('prefix')));
    await one.put(key, Buffer.from('one'));
    expect(await other.has(key)).toBe(false);
    expect(await all(other)).toEqual([]);
    await one.remove(key);
  });

  it('is refused where there is no bucket or no server', async () => {
    await expect(openStore(server.place('', 'missing'))).rejects.toMatchObject({
      ...UNUSABLE,
      message: expect.stringContaining('Make the bucket first'),
    });
    await expect(openStore('s3://dreams/?endpoint=http://127.0.0.1:9')).rejects.toMatchObject({
      ...UNUSABLE,
      message: expect.stringMatching(/ECONNREFUSED.*endpoint=/),
    });
  }, 60_000);
});

describe('a store on a server that is none', () => {
  it('is given up where it takes connections and says nothing', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'mine', AWS_SECRET_ACCESS_KEY: 'never-to-be-shown' });
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const opening = openStore(`s3://dreams/?endpoint=http://127.0.0.1:${port}`);
    await expect(opening).rejects.toMatchObject({ ...UNUSABLE, message: expect.not.stringContaining('never-to-be') });
    silent.close();
  }, 120_000);

  it('is given up where it knows other access keys', async () => {
    const { createServer: createHttp } = await import('node:http');
    const code = 'InvalidAccessKeyId';
    const refusing = createHttp((_request, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>The access key does not exist.</Message></Error>`);
    }).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as { port: number };
    const opening = openStore(`s3://dreams/?endpoint=http://127.0.0.1:${port}`);
    await expect(opening).rejects.toMatchObject({
      ...UNUSABLE,
      message: expect.stringMatching(/The access key does not exist\. Use access keys that/),
    });
    refusing.close();
  }, 60_000);

  it('shows no secret of an address that it refuses', () => {
    const wrong = [
      's3://me:hidden@bucket/',
      's3://bucket/?secret=hidden',
      's3://bucket/?endpoint=https://me:hidden@host',
    ];
    for (const each of wrong)
      expect(() => s3Place(each), each).toThrow(
        expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_RANGE', message: expect.not.stringContaining('hidden') }),
      );
  });
});
