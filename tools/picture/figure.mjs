// What the drawn pictures are made of: shapes with soft edges, laid over each other and lit from a side.
import { fractal } from './noise.mjs';

export const mix = (amount, from, to) =>
  from.map((value, index) => value + (to[index] - value) * Math.min(1, Math.max(0, amount)));

export const step = (edge0, edge1, value) => {
  const t = Math.min(1, Math.max(0, (value - edge0) / (edge1 - edge0)));
  return t * t * (3 - 2 * t);
};

/** How deep a point lies within an ellipse: 1 at its middle, 0 at its rim, below 0 outside. */
export const ellipse = (x, y, [x0, y0, width, height]) => 1 - Math.hypot((x - x0) / width, (y - y0) / height);

/** Light on a rounded body from above left: `depth` as `ellipse` gives it. */
export const rounded = (x, y, [x0, y0, width, height]) => 0.82 - 0.3 * ((x - x0) / width) - 0.2 * ((y - y0) / height);

/** @param paint gives the colour at x and y, both in units of the picture's height */
export function drawn(width, height, seed, paint) {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const colour = paint(column / height, row / height, width / height);
      const grain = 6 * (fractal(column * 0.9, row * 0.9, 1, seed + 99) - 0.5);
      for (let index = 0; index < 3; index += 1) {
        data[(row * width + column) * 3 + index] = Math.min(255, Math.max(0, Math.round(colour[index] + grain)));
      }
    }
  }
  return data;
}
