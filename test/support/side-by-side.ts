import { joined, partOf } from '../../lib/batch/data.js';
import type { NativeEngine, NativeOctave, NativePlan, NativeProgress } from '../../lib/binding/native.js';
import { equalBatch } from '../../lib/plan/tiles.js';

/** The part of an engine that agreement with the reference is measured by. */
export type Measured = Pick<NativeEngine, 'gradient'> & {
  readonly dream: (
    plan: NativePlan,
    picture: Float32Array,
    ...rest: [Parameters<NativeEngine['dream']>[2], ((progress: NativeProgress) => void)?]
  ) => ReturnType<NativeEngine['dream']>;
};

/** An engine whose dreams are each the middle one of a batch of three pictures. */
export function amongOthers(engine: NativeEngine): Measured {
  const pictures = 3;
  return {
    gradient: (...given) => engine.gradient(...given),
    dream: async (plan, picture, ...rest) => {
      const others = [picture.map((value) => 255 - value), picture.toReversed()] as const;
      const [objective] = plan.objectives as [NativePlan['objectives'][number]];
      const batch: NativePlan = {
        ...plan,
        objectives: Array<typeof objective>(pictures).fill(objective),
        octaves: plan.octaves.map((octave) => ({ ...octave, pictures, batch: pictures })),
      };
      const result = await engine.dream(batch, joined([others[0], picture, others[1]]), ...rest);
      return { ...partOf(result, 1), timings: result.timings };
    },
  };
}

/** An engine that takes so many tiles at a time. */
export function tilesAtOnce(engine: NativeEngine, most: number): Measured {
  const batched = (o: NativeOctave): NativeOctave => ({ ...o, batch: equalBatch(o.rows * o.columns, most) });
  const inBatches = (plan: NativePlan): NativePlan => ({ ...plan, octaves: plan.octaves.map(batched) });
  return {
    gradient: (plan, ...rest) => engine.gradient(inBatches(plan), ...rest),
    dream: (plan, ...rest) => engine.dream(inBatches(plan), ...rest),
  };
}
