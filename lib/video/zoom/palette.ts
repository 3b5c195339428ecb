import type { Pixels } from './pixels.js';

/** Mean and standard deviation along each axis. */
export interface Palette {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/**
 * Brightness, red against blue, green against both: in photographs these hardly hang together (Ohta et al., Color Information for
 * Region Segmentation, 1980). By red, green and blue alone, colours would get ever purer at the same deviation.
 */
const AXES: readonly (readonly [number, number, number])[] = [
  [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
  [1 / Math.sqrt(2), 0, -1 / Math.sqrt(2)],
  [-1 / Math.sqrt(6), 2 / Math.sqrt(6), -1 / Math.sqrt(6)],
];

function along(data: Float32Array, place: number, [red, green, blue]: readonly [number, number, number]): number {
  return red * (data[place] as number) + green * (data[place + 1] as number) + blue * (data[place + 2] as number);
}

export function paletteOf({ data }: Pixels): Palette {
  const pixels = data.length / 3;
  const measured = AXES.map((axis) => {
    let [sum, squares] = [0, 0];
    for (let place = 0; place < data.length; place += 3) {
      const value = along(data, place, axis);
      sum += value;
      squares += value * value;
    }
    const mean = sum / pixels;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / pixels - mean * mean)) };
  });
  return { mean: measured.map(({ mean }) => mean), deviation: measured.map(({ deviation }) => deviation) };
}

/** A plain picture's few colours are not blown up to many. */
const MOST_GAIN = 1.5;

/** A value of a colour, put into its range: what is beyond would grow from frame to frame. */
function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/**
 * The picture with its colours moved towards a palette, by 0 to all of the way: each axis gets its mean and deviation, as in
 * Reinhard et al., Color Transfer between Images (2001).
 */
export function keepPalette(pixels: Pixels, { mean, deviation }: Palette, strength: number): Pixels {
  const own = paletteOf(pixels);
  const gain = deviation.map((wanted, axis) => {
    const ratio = Math.min(MOST_GAIN, wanted / Math.max(1, own.deviation[axis] as number));
    return 1 + strength * (ratio - 1);
  });
  const shift = mean.map((wanted, axis) => {
    const had = own.mean[axis] as number;
    return had + strength * (wanted - had) - (gain[axis] as number) * had;
  });
  const data = new Float32Array(pixels.data.length);
  for (let place = 0; place < data.length; place += 3) {
    for (const [index, axis] of AXES.entries()) {
      const value = along(pixels.data, place, axis) * (gain[index] as number) + (shift[index] as number);
      for (let colour = 0; colour < 3; colour += 1)
        data[place + colour] = (data[place + colour] as number) + value * (axis[colour] as number);
    }
    for (let colour = place; colour < place + 3; colour += 1) data[colour] = clipped(data[colour] as number);
  }
  return { ...pixels, data };
}
