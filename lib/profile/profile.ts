import type { NativePrecision, NativeTrace, NativeTracedOperation } from '../binding/native.js';
import { optionRangeError } from '../errors.js';
import { maskedPlan } from '../masks.js';
import type { Call, Reading, Request } from '../request.js';

/** All runs of one kind of operation together. */
export interface OperationTime {
  /** Such as `Conv2D`; one that starts with `_` TensorFlow made of several, one that starts with `Livedream` is our own kernel. */
  readonly operation: string;
  readonly calls: number;
  /** Of all calls; operations that ran side by side count each. */
  readonly milliseconds: number;
  /** Of the time of all operations, from 0 to 1. */
  readonly share: number;
}

/** Where a dream's time went, operation by operation. */
export interface Profile {
  readonly model: string;
  readonly layer: string;
  readonly device: string;
  readonly precision: NativePrecision;
  /** Of the picture that was dreamed. */
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  /** From the first operation of each program's run to its last, of all runs. */
  readonly milliseconds: number;
  /** What took most comes first. */
  readonly operations: readonly OperationTime[];
  /** Every run of a program in its order; a step is one, or several where it is cut in tiles. */
  readonly programs: readonly NativeTrace[];
}

function lengthOf({ begin, end }: Pick<NativeTracedOperation, 'begin' | 'end'>): number {
  return end - begin;
}

/** From the first beginning to the last end; undefined where nothing ran. */
export function spanOf({ operations }: NativeTrace): Pick<NativeTracedOperation, 'begin' | 'end'> | undefined {
  const [first] = operations;
  return first && { begin: first.begin, end: Math.max(...operations.map(({ end }) => end)) };
}

export function sumByOperation(programs: readonly NativeTrace[]): OperationTime[] {
  const sums = new Map<string, { calls: number; milliseconds: number }>();
  for (const each of programs.flatMap(({ operations }) => operations)) {
    const sum = sums.get(each.operation) ?? { calls: 0, milliseconds: 0 };
    sums.set(each.operation, { calls: sum.calls + 1, milliseconds: sum.milliseconds + lengthOf(each) });
  }
  const all = [...sums.values()].reduce((total, { milliseconds }) => total + milliseconds, 0);
  return [...sums]
    .map(([operation, sum]) => ({ operation, ...sum, share: all === 0 ? 0 : sum.milliseconds / all }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

export async function profileOf(request: Request, { ticket, station }: Call, reading: Reading): Promise<Profile> {
  const { choice } = station;
  if (choice.xla)
    throw optionRangeError(
      'xla',
      `false for a profile: what XLA compiles is no longer made of operations that could be timed (here ${choice.why})`,
      true,
    );
  const picture = await reading.for(request);
  const { width, height, data } = picture;
  const plan = maskedPlan(request.plan({ width, height }), await request.mask(picture));
  const programs = await ticket.native((cancellation) => station.engine.trace(plan, data, cancellation));
  const { model } = request.parameters(plan);
  return {
    model,
    layer: request.layer.name,
    device: choice.device,
    precision: choice.precision,
    width: plan.octaves.at(-1)?.width ?? width,
    height: plan.octaves.at(-1)?.height ?? height,
    steps: plan.iterations.reduce((sum, iterations) => sum + iterations, 0),
    milliseconds: programs.reduce((sum, program) => sum + lengthOf(spanOf(program) ?? { begin: 0, end: 0 }), 0),
    operations: sumByOperation(programs),
    programs,
  };
}
