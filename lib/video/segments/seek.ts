import type { Rational } from '../rational.js';
import type { Segment } from './film-plan.js';

/** From where a film is read to find a segment's frames. */
export interface Seek {
  /** Seconds, of the film. */
  readonly start: number;
  /** Frames that are shown before this are not looked at, in ticks of what is read from there. */
  readonly from: bigint;
}

const MICRO = 1_000_000n;
/** How long before the segment it is begun, in seconds: at once, and where that leads past it, earlier. */
const EARLIER = [0n, 2n, 15n] as const;

function common(a: bigint, b: bigint): bigint {
  return b === 0n ? a : common(b, a % b);
}

/** As ffmpeg reads an option's seconds: to a millionth, what is finer cut off. Undefined where it is written with an exponent. */
function microseconds(seconds: number): bigint | undefined {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(String(seconds));
  if (!parts) return undefined;
  return BigInt(parts[1] as string) * MICRO + BigInt((parts[2] ?? '').slice(0, 6).padEnd(6, '0'));
}

/**
 * Where to read a film from, for ffmpeg to give a segment's frames soon: by whole ticks that are whole microseconds, so that all
 * times differ from those that were planned by the same. None where that is not before the segment, or not behind the film's
 * beginning; whoever reads checks what comes.
 * @param start seconds, where the part that was planned begins
 */
export function seeksOf({ marks, gap }: Segment, { num, den }: Rational, start: number): Seek[] {
  const begin = microseconds(start);
  const first = BigInt(marks[0]?.[0] ?? 0);
  const half = BigInt(Math.floor(gap / 2));
  // So many ticks are whole microseconds.
  const step = BigInt(den) / common(BigInt(den), BigInt(num) * MICRO);
  if (begin === undefined) return [];
  const seeks = EARLIER.flatMap((earlier) => {
    const wanted = first - half - (earlier * BigInt(den)) / BigInt(num);
    const ticks = wanted - (wanted % step);
    if (ticks <= 0n) return [];
    const at = begin + (ticks * BigInt(num) * MICRO) / BigInt(den);
    return [{ start: Number(at) / Number(MICRO), from: first - ticks - half }];
  });
  return seeks.filter(({ start: at }, place) => seeks.findIndex((each) => each.start === at) === place);
}
