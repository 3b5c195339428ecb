import { LiveDreamError } from '../errors.js';

/** Packages that only farms need: optional peers of this one. */
interface Packages {
  readonly bullmq: typeof import('bullmq');
  readonly ioredis: Pick<typeof import('ioredis'), 'Redis'>;
  readonly '@aws-sdk/client-s3': typeof import('@aws-sdk/client-s3');
  readonly '@aws-sdk/lib-storage': typeof import('@aws-sdk/lib-storage');
  readonly '@bull-board/api': typeof import('@bull-board/api');
  readonly '@bull-board/api/bullMQAdapter': typeof import('@bull-board/api/bullMQAdapter');
  readonly '@bull-board/fastify': typeof import('@bull-board/fastify');
}

/** What is installed together, by the beginning of its names. */
const TOGETHER = {
  '@aws-sdk': '@aws-sdk/client-s3 @aws-sdk/lib-storage',
  '@bull-board': '@bull-board/api @bull-board/fastify',
} as const;

const LOADERS: { readonly [N in keyof Packages]: () => Promise<Packages[N]> } = {
  bullmq: () => import('bullmq'),
  ioredis: () => import('ioredis'),
  '@aws-sdk/client-s3': () => import('@aws-sdk/client-s3'),
  '@aws-sdk/lib-storage': () => import('@aws-sdk/lib-storage'),
  '@bull-board/api': () => import('@bull-board/api'),
  '@bull-board/api/bullMQAdapter': () => import('@bull-board/api/bullMQAdapter'),
  '@bull-board/fastify': () => import('@bull-board/fastify'),
};

/** Rejects with ERR_LIVEDREAM_FARM_PACKAGE where it is not installed. */
export async function farmPackage<N extends keyof Packages>(name: N): Promise<Packages[N]> {
  try {
    return await LOADERS[name]();
  } catch (cause) {
    const [, together] = Object.entries(TOGETHER).find(([begin]) => name.startsWith(begin)) ?? ['', 'bullmq ioredis'];
    throw new LiveDreamError(
      'ERR_LIVEDREAM_FARM_PACKAGE',
      `The farm needs the package '${name}', which cannot be loaded.`,
      {
        cause,
        repair: `Run \`npm install ${together}\` beside livedream.`,
      },
    );
  }
}
