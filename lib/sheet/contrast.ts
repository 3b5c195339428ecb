/** What a dream from noise is brought to, where it has less; and how far at most, or nothing would become something. */
const DEVIATION = 42;
const MOST_GAIN = 3;

function meansOf(data: Uint8Array): number[] {
  const sums = [0, 0, 0];
  for (let index = 0; index < data.length; index += 1) (sums[index % 3] as number) += data[index] as number;
  return sums.map((sum) => sum / (data.length / 3));
}

/**
 * RGB with more contrast: a dream of nothing is as faint as the steps that it had, and what a channel draws has to be seen.
 * Google's tutorial shows its dreams from noise so, too (`visstd`).
 */
export function withContrast(data: Uint8Array): Uint8Array {
  const means = meansOf(data);
  let squares = 0;
  for (let index = 0; index < data.length; index += 1)
    squares += ((data[index] as number) - (means[index % 3] as number)) ** 2;
  const gain = Math.min(MOST_GAIN, Math.max(1, DEVIATION / (Math.sqrt(squares / data.length) || 1)));
  const shown = new Uint8ClampedArray(data.length);
  for (let index = 0; index < data.length; index += 1) {
    const mean = means[index % 3] as number;
    shown[index] = mean + ((data[index] as number) - mean) * gain;
  }
  return new Uint8Array(shown.buffer);
}
