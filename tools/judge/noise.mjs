// What a dream from noise begins with: grey, with more in its coarse grains, as natural pictures have it. The same on every machine.
import { fractal } from '../picture/noise.mjs';

/** @returns {Uint8Array} RGB, interleaved */
export function noisePicture(width, height, seed) {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let index = 0; index < 3; index += 1) {
        const value = fractal(column / 48, row / 48, 6, seed + 20 * index, 0.6);
        data[(row * width + column) * 3 + index] = Math.min(255, Math.max(0, Math.round(117 + 150 * (value - 0.5))));
      }
    }
  }
  return data;
}
