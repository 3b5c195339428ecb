import type { NativePlan } from '../binding/native.js';
import { LiveDreamError } from '../errors.js';
import type { Size } from '../size.js';
import { memoryNeeded } from './memory.js';
import { heldBy, type PlanRequest } from './plan.js';

/** What a dream would need, before it. */
export interface Estimate {
  /**
   * The memory that it needs at its largest, in bytes, beside the network and the programs that are kept: on the safe side, and what
   * the memory limit is compared with.
   */
  readonly bytes: number;
  /** What it may need, in bytes: `memoryLimit`. */
  readonly limit: number;
  /** Whether it would be dreamed; otherwise `dream` rejects with ERR_LIVEDREAM_IMAGE_TOO_LARGE, which names both numbers. */
  readonly fits: boolean;
  readonly octaves: number;
  /** Of the largest octave: how it is cut, and how many tiles are computed side by side, as many as memory lets. */
  readonly tiles: Size & { readonly rows: number; readonly columns: number; readonly batch: number };
}

function planOrNone(plan: () => NativePlan): NativePlan | undefined {
  try {
    return plan();
  } catch (error) {
    if (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_IMAGE_TOO_LARGE') return undefined;
    throw error;
  }
}

/**
 * @param planFor with a limit of memory and how many tiles are computed side by side at most
 * @throws what `dream` would for a picture of this size, but for one that is too large
 */
export function estimateOf(
  request: Pick<PlanRequest, 'options' | 'objectives' | 'masked' | 'layer' | 'memoryLimit'>,
  planFor: (limit: number, batch?: number) => NativePlan,
): Estimate {
  const { layer, memoryLimit } = request;
  const fitting = planOrNone(() => planFor(memoryLimit));
  // What is too large is so with one tile at a time.
  const { octaves } = fitting ?? planFor(Number.POSITIVE_INFINITY, 1);
  const { rows, columns, tileWidth, tileHeight, batch } = octaves[octaves.length - 1] as NativePlan['octaves'][number];
  return {
    bytes: memoryNeeded(octaves, layer, heldBy(request)),
    limit: memoryLimit,
    fits: fitting !== undefined,
    octaves: octaves.length,
    tiles: { rows, columns, width: tileWidth, height: tileHeight, batch },
  };
}
