// Two frames of which one is moved to where the other is: what differs then is flicker.
import type { StreamedFrame } from '../../../lib/stream/frame.js';
import { splineWeights } from './spline.js';

type Frame = Pick<StreamedFrame, 'data' | 'width' | 'height'>;

/** The mean of |now - before moved|, of 255; `motion` leads from a pixel of `now` to where it was, NaN where it was nowhere. */
export function warpedDifference(now: Frame, before: Frame, motion: Float32Array): number {
  const { width, height } = now;
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const x = (pixel % width) + (motion[2 * pixel] as number);
    const y = Math.floor(pixel / width) + (motion[2 * pixel + 1] as number);
    if (!(x >= 1 && y >= 1 && x < width - 2 && y < height - 2)) continue;
    const [left, above] = [Math.floor(x), Math.floor(y)];
    const [across, down] = [splineWeights(x - left), splineWeights(y - above)];
    for (let colour = 0; colour < 3; colour += 1) {
      let value = 0;
      for (let i = 0; i < 4; i += 1) {
        const row = (above + i - 1) * width + left - 1;
        for (let j = 0; j < 4; j += 1)
          value += (down[i] as number) * (across[j] as number) * (before.data[(row + j) * 3 + colour] as number);
      }
      sum += Math.abs((now.data[pixel * 3 + colour] as number) - value);
      count += 1;
    }
  }
  return sum / count;
}
