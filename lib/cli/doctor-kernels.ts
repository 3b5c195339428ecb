import { checkKernels, type FallingOperation, type KernelReport, type KernelWay } from '../kernel-check.js';
import { fetchFirst } from './consent.js';
import { printJson } from './json.js';
import { type ModelFlags, readModelFlags } from './model-flags.js';
import { interruptSignal } from './report.js';
import { table } from './table.js';

function describeWay({ xla, loop, precision }: KernelWay): string {
  const kernels = xla ? `XLA, the loop ${loop === 'compiled' ? 'compiled' : "livedream's"}` : 'ordinary kernels';
  return `${kernels}, ${precision}`;
}

function describeFalling({ operation, types, floatsOnHost, programs }: FallingOperation, { xla }: KernelWay): string {
  const where = programs.length === 1 ? programs[0] : `${programs[0]}, and ${programs.length - 1} more`;
  const why = xla
    ? 'XLA cannot compile it'
    : floatsOnHost.length > 0
      ? `takes or gives ${floatsOnHost.join(', ')} on the host`
      : 'no kernel, so it runs on the host';
  return `- ${operation} (${types}): ${why}; in ${where}\n`;
}

export function describeKernels({ runtime, model, layers, ways }: KernelReport): string {
  const rows = ways.map((way) => [
    describeWay(way),
    way.programs,
    way.operations,
    way.falling.length === 0 ? 'all have one' : `${way.falling.length} have none`,
  ]);
  const falling = ways.flatMap((way) =>
    way.falling.length === 0
      ? []
      : [`\n${describeWay(way)}:\n`, ...way.falling.map((each) => describeFalling(each, way))],
  );
  return [
    `Kernels for GPUs in TensorFlow ${runtime.version ?? ''}, ${runtime.library}\n`,
    `of the programs of '${model}' on ${layers.join(', ')}\n\n`,
    table(['MODE', 'PROGRAMS', 'OPERATIONS', 'KERNELS'], rows),
    ...falling,
  ].join('');
}

/** Exit status 1 where something would run on the host. */
export async function runKernels(flags: ModelFlags, json: boolean): Promise<void> {
  const model = readModelFlags(flags);
  const signal = interruptSignal();
  await fetchFirst(model, flags.yes, signal);
  const report = await checkKernels(model, signal);
  if (json) printJson(report);
  else process.stdout.write(describeKernels(report));
  if (report.ways.some(({ falling }) => falling.length > 0)) process.exitCode = 1;
}
