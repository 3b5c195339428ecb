import type { Size } from '../../lib/size.js';

/** Bilinear with half-pixel centres and no antialiasing, RGB, in float32 where TensorFlow is: an implementation apart. */
export function resizeBilinear(data: Float32Array, from: Size, to: Size): Float32Array {
  const result = new Float32Array(to.width * to.height * 3);
  const place = (index: number, source: number, target: number): [number, number, number] => {
    const scale = Math.fround(source / target);
    const at = Math.fround(Math.fround((index + 0.5) * scale) - 0.5);
    const low = Math.floor(at);
    return [Math.max(0, low), Math.min(source - 1, low + 1), at - low];
  };
  for (let y = 0; y < to.height; y += 1) {
    const [top, bottom, down] = place(y, from.height, to.height);
    for (let x = 0; x < to.width; x += 1) {
      const [left, right, across] = place(x, from.width, to.width);
      for (let colour = 0; colour < 3; colour += 1) {
        const pixel = (row: number, column: number): number => data[(row * from.width + column) * 3 + colour] as number;
        const above = pixel(top, left) + (pixel(top, right) - pixel(top, left)) * across;
        const below = pixel(bottom, left) + (pixel(bottom, right) - pixel(bottom, left)) * across;
        result[(y * to.width + x) * 3 + colour] = above + (below - above) * down;
      }
    }
  }
  return result;
}
