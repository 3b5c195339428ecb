import type { NativeMode, NativeRewrite } from '../binding/native.js';

/** Where a rewrite pays, by measurement: docs/performance.md. */
interface Pays {
  readonly ordinaryCpu?: true;
  readonly xlaCpu?: true;
  /** With XLA, where it compiles the whole loop; beside what pays with XLA anyway. */
  readonly compiledLoopCpu?: true;
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
  // Outside a compiled loop it costs 1.6 % of a step.
  plainGradient: { compiledLoopCpu: true },
  winograd: { ordinaryCpu: true },
};

/** The rewrites in force on a device in a mode. */
export function rewritesFor({
  device,
  xla,
  loop = 'native',
}: {
  readonly device: string;
  readonly xla: boolean;
  readonly loop?: NativeMode['loop'];
}): NativeRewrite[] {
  const where: (keyof Pays)[] = device.startsWith('GPU') ? ['gpu'] : xla ? ['xlaCpu'] : ['ordinaryCpu'];
  if (xla && loop === 'compiled' && !device.startsWith('GPU')) where.push('compiledLoopCpu');
  return (Object.keys(REWRITES) as NativeRewrite[]).filter((name) => where.some((each) => REWRITES[name][each]));
}
