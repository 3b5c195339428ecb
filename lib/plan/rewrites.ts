import type { NativeRewrite } from '../binding/native.js';

/** Where a rewrite pays, by measurement: docs/performance.md. */
interface Pays {
  readonly ordinaryCpu?: true;
  readonly xlaCpu?: true;
  readonly gpu?: true;
}

const REWRITES: Readonly<Record<NativeRewrite, Pays>> = {
  stridedGradient: { ordinaryCpu: true, xlaCpu: true, gpu: true },
  responseKernel: { ordinaryCpu: true },
  maxPoolKernel: { ordinaryCpu: true },
  maskedSum: { ordinaryCpu: true },
  mergedSiblings: { ordinaryCpu: true },
  maxPoolMaxima: { xlaCpu: true },
  maxPoolMasks: { xlaCpu: true },
  responseExpression: { xlaCpu: true },
  plainGradient: { xlaCpu: true },
};

/** The rewrites in force on a device in a mode. */
export function rewritesFor({ device, xla }: { readonly device: string; readonly xla: boolean }): NativeRewrite[] {
  const where: keyof Pays = device.startsWith('GPU') ? 'gpu' : xla ? 'xlaCpu' : 'ordinaryCpu';
  return (Object.keys(REWRITES) as NativeRewrite[]).filter((name) => REWRITES[name][where]);
}
