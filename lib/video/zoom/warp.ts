import type { Pixels } from './pixels.js';

/** How one picture becomes the next: around its middle, in pixels and radians. */
export interface Move {
  readonly zoom: number;
  /** To the right. */
  readonly angle: number;
  readonly x: number;
  readonly y: number;
}

/** The weights of four neighbours by Catmull and Rom's spline (1974), which unlike linear ones hardly blurs what is moved often. */
function weights(t: number, into: Float64Array): void {
  into[0] = ((2 - t) * t - 1) * t * 0.5;
  into[1] = ((3 * t - 5) * t * t + 2) * 0.5;
  into[2] = ((4 - 3 * t) * t + 1) * t * 0.5;
  into[3] = (t - 1) * t * t * 0.5;
}

/** A place beyond an edge is that as far inside of it: the picture goes on as in a mirror. */
function mirrored(place: number, side: number): number {
  const period = 2 * side;
  const within = ((place % period) + period) % period;
  return within < side ? within : period - 1 - within;
}

/** The picture moved, beyond its edges mirrored. */
export function warp(picture: Pixels, move: Move): Pixels {
  const { width, height, data } = picture;
  if (move.zoom === 1 && move.angle === 0 && move.x === 0 && move.y === 0) return picture;
  const result = new Float32Array(data.length);
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const [cos, sin] = [Math.cos(move.angle) / move.zoom, Math.sin(move.angle) / move.zoom];
  const across = new Float64Array(4);
  const down = new Float64Array(4);
  const columns = new Int32Array(4);
  const rows = new Int32Array(4);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 3) {
      const [dx, dy] = [x - cx - move.x, y - cy - move.y];
      const [fx, fy] = [cx + cos * dx + sin * dy, cy - sin * dx + cos * dy];
      const [left, top] = [Math.floor(fx), Math.floor(fy)];
      weights(fx - left, across);
      weights(fy - top, down);
      for (let tap = 0; tap < 4; tap += 1) {
        columns[tap] = mirrored(left - 1 + tap, width) * 3;
        rows[tap] = mirrored(top - 1 + tap, height) * width * 3;
      }
      for (let j = 0; j < 4; j += 1) {
        for (let i = 0; i < 4; i += 1) {
          const weight = (down[j] as number) * (across[i] as number);
          const from = (rows[j] as number) + (columns[i] as number);
          result[to] = (result[to] as number) + weight * (data[from] as number);
          result[to + 1] = (result[to + 1] as number) + weight * (data[from + 1] as number);
          result[to + 2] = (result[to + 2] as number) + weight * (data[from + 2] as number);
        }
      }
    }
  }
  return { width, height, data: result };
}
