// Pairs of pictures whose motion is known: a photograph, or the project's own sample, seen through a moving camera.
import type { RawPicture } from '../../../lib/image/source.js';
import { samplePicture } from '../../support/pictures.js';
import { splineWeights } from './spline.js';

/** Of the large picture that cameras look at. */
const WORLD = { width: 900, height: 600 } as const;

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

let world: Promise<Float32Array> | undefined;

/** RGB at a place between the world's pixels, by a spline, as a lens would show it; mirrored beyond the edges. */
function seen(picture: Float32Array, x: number, y: number, to: Float32Array, at: number): void {
  const mirrored = (place: number, side: number): number => {
    const period = 2 * (side - 1);
    const inside = ((place % period) + period) % period;
    return Math.min(inside, period - inside);
  };
  const [left, above] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [splineWeights(x - left), splineWeights(y - above)];
  for (let i = 0; i < 4; i += 1) {
    const row = mirrored(above + i - 1, WORLD.height) * WORLD.width;
    for (let j = 0; j < 4; j += 1) {
      const weight = (down[i] as number) * (across[j] as number);
      const pixel = (row + mirrored(left + j - 1, WORLD.width)) * 3;
      for (let colour = 0; colour < 3; colour += 1)
        to[at + colour] = (to[at + colour] as number) + weight * (picture[pixel + colour] as number);
    }
  }
}

/** Where a camera's pixel lies in the world. */
function inWorld(camera: Camera, { width, height }: Size, x: number, y: number): [number, number] {
  const { x: right = 0, y: down = 0, angle = 0, zoom = 1 } = camera;
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn) / zoom, Math.sin(turn) / zoom];
  const [across, along] = [x - (width - 1) / 2, y - (height - 1) / 2];
  return [cos * across - sin * along + right + WORLD.width / 2, sin * across + cos * along + down + WORLD.height / 2];
}

/** The camera's pixel that shows a place of the world. */
function inCamera(camera: Camera, { width, height }: Size, x: number, y: number): [number, number] {
  const { x: right = 0, y: down = 0, angle = 0, zoom = 1 } = camera;
  const turn = (angle * Math.PI) / 180;
  const [across, along] = [x - right - WORLD.width / 2, y - down - WORLD.height / 2];
  return [
    zoom * (Math.cos(turn) * across + Math.sin(turn) * along) + (width - 1) / 2,
    zoom * (-Math.sin(turn) * across + Math.cos(turn) * along) + (height - 1) / 2,
  ];
}

/** What a camera sees. */
export async function view(camera: Camera, size: Size): Promise<RawPicture & { readonly data: Uint8Array }> {
  world ??= samplePicture(WORLD.width, WORLD.height);
  const picture = await world;
  const { width, height } = size;
  const values = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = inWorld(camera, size, x, y);
      seen(picture, across, down, values, (y * width + x) * 3);
    }
  }
  return { data: Uint8Array.from(new Uint8ClampedArray(values)), width, height, channels: 3 };
}

/** Where each pixel of one camera's view was in another's: right and down; NaN where it was not to be seen. */
export function motionBetween(now: Camera, before: Camera, size: Size): Float32Array {
  const { width, height } = size;
  const motion = new Float32Array(width * height * 2);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = inCamera(before, size, ...inWorld(now, size, x, y));
      const inside = across >= 0 && across <= width - 1 && down >= 0 && down <= height - 1;
      motion[(y * width + x) * 2] = inside ? across - x : Number.NaN;
      motion[(y * width + x) * 2 + 1] = inside ? down - y : Number.NaN;
    }
  }
  return motion;
}

/** An ellipse of another part of the world that passes before a panning one: its two frames, and the motion between them. */
export async function layers(size: Size): Promise<{ now: RawPicture; before: RawPicture; motion: Float32Array }> {
  const cameras = [
    { x: 0, y: 0 },
    { x: 3, y: 1 },
  ] as const;
  const centres = [
    [210, 180],
    [219, 176],
  ] as const;
  const inside = (frame: 0 | 1, x: number, y: number): boolean =>
    ((x - centres[frame][0]) / 90) ** 2 + ((y - centres[frame][1]) / 70) ** 2 < 1;
  const frames = await Promise.all(
    ([0, 1] as const).map(async (frame) => {
      const picture = await view(cameras[frame], size);
      const [x, y] = centres[frame];
      const ellipse = await view({ x: 240 - x - 150, y: 180 - y + 120 }, size);
      for (let pixel = 0; pixel < size.width * size.height; pixel += 1) {
        if (!inside(frame, pixel % size.width, Math.floor(pixel / size.width))) continue;
        for (let colour = 0; colour < 3; colour += 1)
          picture.data[pixel * 3 + colour] = 255 - (ellipse.data[pixel * 3 + 2 - colour] as number);
      }
      return picture;
    }),
  );
  const motion = motionBetween(cameras[1], cameras[0], size);
  for (let pixel = 0; pixel < size.width * size.height; pixel += 1) {
    const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
    if (inside(1, x, y)) motion.set([centres[0][0] - centres[1][0], centres[0][1] - centres[1][1]], pixel * 2);
    else if (inside(0, x + (motion[pixel * 2] as number), y + (motion[pixel * 2 + 1] as number)))
      motion.set([Number.NaN, Number.NaN], pixel * 2);
  }
  const [before, now] = frames as [RawPicture, RawPicture];
  return { now, before, motion };
}

/** The mean distance between two motions, in pixels, where the second is a number. */
export function endPointError(found: Float32Array, known: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < known.length; at += 2) {
    const [right, down] = [known[at] as number, known[at + 1] as number];
    if (Number.isNaN(right)) continue;
    sum += Math.hypot((found[at] as number) - right, (found[at + 1] as number) - down);
    count += 1;
  }
  return sum / count;
}
