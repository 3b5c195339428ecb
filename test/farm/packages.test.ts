import { describe, expect, it, vi } from 'vitest';

describe('packages that only farms need', () => {
  it.each([
    ['bullmq', 'bullmq', /needs the package 'bullmq'.*npm install bullmq ioredis/],
    ['ioredis', 'ioredis', /needs the package 'ioredis'.*npm install bullmq ioredis/],
    ['@aws-sdk/client-s3', '@aws-sdk/client-s3', /npm install @aws-sdk\/client-s3 @aws-sdk\/lib-storage/],
    ['@bull-board/api', '@bull-board/api', /npm install @bull-board\/api @bull-board\/fastify/],
  ] as const)('are asked for by name where there is no %s', async (_name, name, said) => {
    vi.doMock(name, () => {
      throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });
    });
    vi.resetModules();
    const { farmPackage } = await import('../../lib/farm/packages.js');
    expect(await farmPackage(name).catch((error: unknown) => error)).toMatchObject({
      code: 'ERR_LIVEDREAM_FARM_PACKAGE',
      message: expect.stringMatching(said),
    });
    vi.doUnmock(name);
  });
});
