/** A fraction, as ffmpeg has frame rates, aspects and clocks. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** Of `30000/1001` or `4:3`; undefined where it says nothing, as `0/0` does. */
export function parseRational(text: string | undefined): Rational | undefined {
  const parts = /^(\d+)[/:](\d+)$/.exec(text ?? '');
  const [num, den] = [Number(parts?.[1]), Number(parts?.[2])];
  return num > 0 && den > 0 ? { num, den } : undefined;
}

export function formatRational({ num, den }: Rational): string {
  return `${num}/${den}`;
}

export function quotient({ num, den }: Rational): number {
  return num / den;
}

const GIGA = 1_000_000_000n;

/** Ticks of a clock in nanoseconds, rounded to the nearest: finer than any film's clock, so that the ticks can be had back. */
export function nanoseconds(ticks: bigint, { num, den }: Rational): bigint {
  const scaled = 2n * ticks * BigInt(num) * GIGA;
  const twice = 2n * BigInt(den);
  const above = scaled + BigInt(den);
  return above / twice - (above < 0n && above % twice !== 0n ? 1n : 0n);
}

export function seconds(ticks: bigint, { num, den }: Rational): number {
  return (Number(ticks) * num) / den;
}
