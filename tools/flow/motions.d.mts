/** Of the large picture that cameras look at: RGB, `width * height * 3`. */
export declare const WORLD: { readonly width: number; readonly height: number };

export interface Camera {
  /** To the right and downwards, in pixels. */
  readonly x?: number;
  readonly y?: number;
  /** In degrees. */
  readonly angle?: number;
  readonly zoom?: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface View extends Size {
  readonly data: Uint8Array;
  readonly channels: 3;
}

/** Catmull and Rom's spline. */
export declare function splineWeights(part: number): [number, number, number, number];
/** What a camera sees. */
export declare function view(world: Float32Array, camera: Camera, size: Size): View;
/** Where each pixel of one camera's view was in another's: right and down; NaN where it was not to be seen. */
export declare function motionBetween(now: Camera, before: Camera, size: Size): Float32Array;
/** An ellipse of another part of the world that passes before a panning one: two frames, and the motion between them. */
export declare function layers(world: Float32Array, size: Size): { now: View; before: View; motion: Float32Array };
/** The mean distance between two motions, in pixels, where the second is a number. */
export declare function endPointError(found: Float32Array, known: Float32Array): number;
/** The mean of |now - before moved|, of 255; `motion` leads from a pixel of `now` to where it was, NaN where it was nowhere. */
export declare function warpedDifference(now: Frame, before: Frame, motion: Float32Array): number;

interface Frame extends Size {
  readonly data: Uint8Array | Float32Array;
}
