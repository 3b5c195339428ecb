interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array;
  readonly width: number;
  readonly height: number;
}

/** How much of a dream's change is finer than two pixels: the mean of |change - what is around it|, of 255. */
export function detail(dream: Picture, source: Picture): number {
  const { width, height } = dream;
  const change = Float32Array.from(dream.data, (value, place) => value - (source.data[place] as number));
  const at = (x: number, y: number, colour: number): number => change[(y * width + x) * 3 + colour] as number;
  let sum = 0;
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1)
      for (let colour = 0; colour < 3; colour += 1) {
        const around = at(x - 1, y, colour) + at(x + 1, y, colour) + at(x, y - 1, colour) + at(x, y + 1, colour);
        sum += Math.abs(at(x, y, colour) - around / 4);
      }
  return sum / ((width - 2) * (height - 2) * 3);
}
