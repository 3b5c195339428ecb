import { LiveDreamError } from '../errors.js';

/** Packages that only farms need: optional peers of this one. */
interface Packages {
  readonly bullmq: typeof import('bullmq');
  readonly ioredis: Pick<typeof import('ioredis'), 'Redis'>;
  readonly '@aws-sdk/client-s3': typeof import('@aws-sdk/client-s3');
  readonly '@aws-sdk/lib-storage': typeof import('@aws-sdk/lib-storage');
}

const LOADERS: { readonly [N in keyof Packages]: () => Promise<Packages[N]> } = {
  bullmq: () => import('bullmq'),
  ioredis: () => import('ioredis'),
  '@aws-sdk/client-s3': () => import('@aws-sdk/client-s3'),
  '@aws-sdk/lib-storage': () => import('@aws-sdk/lib-storage'),
};

/** Rejects with ERR_LIVEDREAM_FARM_PACKAGE where it is not installed. */
export async function farmPackage<N extends keyof Packages>(name: N): Promise<Packages[N]> {
  try {
    return await LOADERS[name]();
  } catch (cause) {
    const together = name.startsWith('@aws-sdk') ? '@aws-sdk/client-s3 @aws-sdk/lib-storage' : 'bullmq ioredis';
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
