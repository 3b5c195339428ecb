import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Farm } from '../../lib/farm/farm.js';
import { checkServer, shownAddress } from '../../lib/farm/redis.js';
import { hasRedis, TestRedis } from '../support/redis.js';

const info = (version: string, policy = 'noeviction', role = 'master'): string =>
  `redis_version:${version}\r\nmaxmemory_policy:${policy}\r\nrole:${role}\r\n`;
const address = 'redis://somebody:secret@queue.example:6379';

describe('a server that jobs are not safe with', () => {
  it.each([
    ['5.0.14', 'noeviction', 'master', /has version 5\.0\.14.*Use Redis 6\.2 or later/],
    ['6.0.16', 'noeviction', 'master', /has version 6\.0\.16/],
    ['7.2.4', 'allkeys-lru', 'master', /maxmemory-policy allkeys-lru.*config set maxmemory-policy noeviction/],
    ['7.2.4', 'volatile-ttl', 'master', /maxmemory-policy volatile-ttl/],
    ['7.2.4', 'noeviction', 'slave', /is a replica.*address of its primary/],
  ])('version %s, %s, %s is refused', (version, policy, role, said) => {
    const check = (): void => checkServer(address, info(version, policy, role));
    expect(check).toThrow(said);
    expect(check).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_FARM_QUEUE' }));
    expect(check).not.toThrow(/secret/);
  });

  it.each(['6.2.0', '7.0.15', '8.4.1'])('version %s is taken', (version) => {
    expect(() => checkServer(address, info(version))).not.toThrow();
  });

  it('never shows a password', () => {
    expect(shownAddress(address)).toBe('redis://queue.example:6379');
    expect(shownAddress('redis://a b:secret@host:1')).not.toContain('secret');
  });
});

describe.skipIf(!hasRedis)('opening a farm (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const open = async (queue: string, store = folder): Promise<unknown> => {
    const farm = await Farm.open({ queue, store }).catch((error: unknown) => error);
    if (farm instanceof Farm) await farm.close();
    return farm;
  };

  it('says that there is no Redis, and how to have one', async () => {
    expect(await open('redis://127.0.0.1:1')).toMatchObject({
      code: 'ERR_LIVEDREAM_FARM_QUEUE',
      message: expect.stringMatching(/127\.0\.0\.1:1 cannot be reached.*ECONNREFUSED.*apt-get install redis-server/),
    });
    expect(await open('redis://no-such-host.invalid:6379')).toMatchObject({
      code: 'ERR_LIVEDREAM_FARM_QUEUE',
      message: expect.stringMatching(/no-such-host\.invalid/),
    });
  });

  it('says that a password is wrong or missing, without showing it', async () => {
    await using redis = await TestRedis.start('--requirepass', 'right-one');
    for (const password of ['', ':wrong-one@'])
      expect(await open(redis.url.replace('//', `//${password}`))).toMatchObject({
        code: 'ERR_LIVEDREAM_FARM_QUEUE',
        message: expect.stringMatching(/does not take this user and password(?!.*wrong-one)/),
      });
    expect(await open(redis.url.replace('//', '//:right-one@'))).toBeInstanceOf(Farm);
  });

  it('refuses a real server that evicts, and takes it mended', async () => {
    await using redis = await TestRedis.start('--maxmemory-policy', 'allkeys-lru');
    expect(await open(redis.url)).toMatchObject({ message: expect.stringMatching(/throws keys away/) });
    redis.cli('config', 'set', 'maxmemory-policy', 'noeviction');
    expect(await open(redis.url)).toBeInstanceOf(Farm);
  });

  it('refuses a store that cannot be used, and wrong options', async () => {
    await using redis = await TestRedis.start();
    expect(await open(redis.url, '/proc/livedream')).toMatchObject({ code: 'ERR_LIVEDREAM_FARM_STORE' });
    expect(await open(redis.url, 'ftp://host/folder')).toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    expect(await open(redis.url, 's3://UPPER/x')).toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    expect(await open('http://127.0.0.1')).toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    expect(await Farm.open({ queue: redis.url }).catch((error: unknown) => error)).toMatchObject({
      code: 'ERR_LIVEDREAM_OPTION_RANGE',
      message: expect.stringContaining('LIVEDREAM_STORE'),
    });
  });
});
