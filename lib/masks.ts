import type { NativePlan } from './binding/native.js';
import type { BesideReader } from './image/beside.js';
import type { Picture } from './image/source.js';
import { type FittedMask, MaskReading } from './mask.js';
import type { MaskRequest, RecordedMask } from './options/mask.js';
import type { ObjectiveRequest } from './options/objective.js';
import type { Size } from './size.js';

/** All masks of a call, for pictures of one size. */
export interface FittedMasks {
  /** How strongly each step moves each pixel: the dream's mask, or those of its terms together. */
  readonly data: Uint8Array;
  /** The dream's own. */
  readonly recorded?: RecordedMask;
  /** Of each term that has one, in their order. */
  readonly regions: readonly FittedMask[];
  readonly warnings: readonly string[];
}

interface Asked {
  readonly mask: MaskRequest | undefined;
  readonly objective: ObjectiveRequest;
}

/** The masks that a call was given, its own or those of its objective's terms: each read once. */
export class MaskReadings {
  readonly #own: MaskReading | undefined;
  readonly #regions: readonly MaskReading[];
  /** Whether a term is climbed everywhere. */
  readonly #everywhere: boolean;

  /** Undefined where there are none. */
  static of(asked: Asked): MaskReadings | undefined {
    const { mask, objective } = asked;
    const regions = objective.kind === 'sum' ? objective.terms.map((term) => term.mask) : [];
    return mask || regions.some((each) => each) ? new MaskReadings(mask, regions) : undefined;
  }

  private constructor(own: MaskRequest | undefined, regions: readonly (MaskRequest | undefined)[]) {
    this.#own = own && new MaskReading(own);
    this.#regions = regions.flatMap((each) => (each ? [new MaskReading(each)] : []));
    this.#everywhere = regions.includes(undefined);
  }

  /** Of pictures of a size, everywhere: what a mask's bytes are is nothing to the programs. */
  plain({ width, height }: Size): PlannedMasks {
    const data = new Uint8Array(width * height).fill(255);
    return { data, regions: this.#regions.map(() => ({ data })) };
  }

  /** As MaskReading has it. */
  async for(picture: Picture, reader: BesideReader): Promise<FittedMasks> {
    const own = this.#own;
    if (own) return { ...(await own.for(picture, reader)), regions: [] };
    const regions: FittedMask[] = [];
    for (const each of this.#regions) regions.push(await each.for(picture, reader));
    const data = new Uint8Array(picture.width * picture.height).fill(this.#everywhere ? 255 : 0);
    for (const region of regions)
      region.data.forEach((each, at) => {
        if (each > (data[at] as number)) data[at] = each;
      });
    return { data, regions, warnings: regions.flatMap(({ warnings }) => warnings) };
  }
}

/** What programs take of masks. */
interface PlannedMasks {
  readonly data: Uint8Array;
  readonly regions: readonly Pick<FittedMask, 'data'>[];
}

/** The plan of a dream that is not everywhere. */
export function maskedPlan(plan: NativePlan, masks: PlannedMasks | undefined): NativePlan {
  if (!masks) return plan;
  const regions = masks.regions.map(({ data }) => data);
  return { ...plan, mask: masks.data, ...(regions.length === 0 ? {} : { regions }) };
}
