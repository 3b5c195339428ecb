import type { RawPicture } from '../../image/source.js';
import { knownShare } from '../../stream/optical-flow.js';
import { coloursOf } from '../dream-frames.js';
import type { Frame } from '../frame.js';

/** Tells of each frame, given in their order, whether a stream of them begins anew with it: as the engine decides it, to the bit. */
export class SceneCuts {
  readonly #least: number;
  #before: RawPicture | undefined;

  /** @param sceneCut the share that must be known from the frame before */
  constructor(sceneCut: number) {
    // What the engine compares with is a float.
    this.#least = Math.fround(sceneCut);
  }

  async begins(frame: Frame): Promise<boolean> {
    const now = coloursOf(frame);
    const before = this.#before;
    this.#before = now;
    if (before?.width !== now.width || before.height !== now.height) return true;
    return (await knownShare(now, before)) < this.#least;
  }
}
