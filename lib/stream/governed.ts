import type { NativePlan } from '../binding/native.js';
import { LiveDreamError } from '../errors.js';
import { resizedRaw } from '../image/raw.js';
import type { Picture } from '../image/source.js';
import { shapeOf } from '../model/terms.js';
import type { Call, Request } from '../request.js';
import type { Size } from '../size.js';
import { type FrameCost, Governor, ladder, type Rung, workOf } from './governor.js';

/** Part of a plan: at most so many iterations, of the largest octaves. */
export function limited(plan: NativePlan, { iterations, octaves }: Rung): NativePlan {
  const largest = <V>(list: readonly V[]): readonly V[] => list.slice(-octaves);
  return {
    ...plan,
    octaves: largest(plan.octaves),
    step: largest(plan.step),
    iterations: largest(plan.iterations).map((each) => Math.min(each, iterations)),
  };
}

/** The size of a rung, whose sides stay even: half of them is what motion is looked for in. */
function scaled({ width, height }: Size, { scale }: Rung): Size {
  const side = (whole: number): number => (scale === 1 ? whole : Math.max(16, 2 * Math.round((whole * scale) / 2)));
  return { width: side(width), height: side(height) };
}

function octaveScaleOf({ octaves }: NativePlan): number {
  const [smaller, larger] = octaves.slice(-2);
  return smaller === undefined || larger === undefined ? 1 : larger.width / smaller.width;
}

/** A stream's frames at a rate: a Governor over plans that were built and compiled before. */
export class Governed {
  readonly #targetFps: number;
  readonly #call: Call;
  readonly #now: () => number;
  /** Of frames of one size with the same options. */
  #governor: { readonly key: string; readonly governor: Governor } | undefined;

  constructor(targetFps: number, call: Call, now: () => number) {
    this.#targetFps = targetFps;
    this.#call = call;
    this.#now = now;
  }

  /** The plan for this frame. The first of a kind has everything compiled that it and those below it need. */
  async plan(request: Request, size: Size): Promise<NativePlan> {
    const whole = request.plan(size);
    const { iterations, octaves } = whole;
    const { width, height } = size;
    // Channels and weights are arguments of programs.
    const key = JSON.stringify([width, height, iterations, octaves, shapeOf(request.terms)]);
    if (this.#governor?.key !== key) {
      const rungs = rungsFor(request, size);
      const work = rungs.map((rung) => workOf(rung, size, octaveScaleOf(whole)));
      await this.#warm(request, size, rungs);
      this.#governor = { key, governor: new Governor(this.#targetFps, rungs, work, this.#now) };
    }
    const { rung } = this.#governor.governor;
    return limited(request.plan(scaled(size, rung)), rung);
  }

  /** What the last frame took. */
  frame(cost: FrameCost): void {
    this.#governor?.governor.frame(cost);
  }

  async #warm(request: Request, size: Size, rungs: readonly Rung[]): Promise<void> {
    const { ticket, station } = this.#call;
    for (const plan of plansOf(request, size, rungs))
      await ticket.native((cancellation) => station.engine.warmUpStream(plan, cancellation));
  }
}

/** Those that a picture of this size can be dreamed by: a small one has no smaller ones. */
function rungsFor(request: Request, size: Size): readonly Rung[] {
  const { iterations, octaves } = request.plan(size);
  return ladder(Math.max(...iterations), octaves.length).filter((rung) => {
    try {
      request.plan(scaled(size, rung));
      return true;
    } catch (error) {
      if (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_IMAGE_TOO_SMALL') return false;
      throw error;
    }
  });
}

function plansOf(request: Request, size: Size, rungs: readonly Rung[]): Iterable<NativePlan> {
  const plans = new Map<string, NativePlan>();
  for (const rung of rungs) {
    const plan = limited(request.plan(scaled(size, rung)), rung);
    // Only programs of compiled loops know how many iterations there are.
    const { octaves, iterations, mode } = plan;
    plans.set(JSON.stringify([octaves, mode.loop === 'compiled' ? iterations : []]), plan);
  }
  return plans.values();
}

/** All that frames of this size may be dreamed by, at a rate or as they are asked for. */
export function plansFor(request: Request, size: Size, targetFps: number | undefined): Iterable<NativePlan> {
  return targetFps === undefined ? [request.plan(size)] : plansOf(request, size, rungsFor(request, size));
}

/** The picture at the plan's size. */
export function sized(picture: Picture, { octaves }: NativePlan): Promise<Picture> {
  const { width, height } = octaves[octaves.length - 1] as Size;
  if (width === picture.width && height === picture.height) return Promise.resolve(picture);
  return resizedRaw(picture, { width, height });
}
