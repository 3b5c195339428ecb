import { setImmediate } from 'node:timers/promises';
import { optionRangeError, optionTypeError } from '../errors.js';
import { type FlatInput, type NoiseInput, type RawPicture, START_LIMITS, type StartInput } from '../picture-input.js';

// Pictures that a dream may begin with where there is none: noise, or one colour.

/** A start with all that makes it, as parameters hold it. */
export type Start = Readonly<Required<Omit<NoiseInput, 'seed'>> & { readonly seed: string }> | Required<FlatInput>;

const { side: MOST_SIDE, noises: NOISES, contrast: CONTRAST } = START_LIMITS;
const COLOUR = new RegExp(START_LIMITS.colour);
const MOST_SEED = 2n ** 64n - 1n;
const GREY = 128;
const COLOURS = 3;

/**
 * From colours that are independent of each other to red, green and blue that hang together as in natural pictures: the root of
 * the covariance of ImageNet's colours, as Lucid has it (C. Olah, A. Mordvintsev and L. Schubert, "Feature Visualization", Distill
 * 2017), with rows of length 1.
 */
const CORRELATED = [
  [0.26, 0.09, 0.02],
  [0.27, 0.0, -0.05],
  [0.27, -0.09, 0.03],
].map((row) => row.map((each) => each / Math.hypot(...row)));

/** What smooth interpolation leaves of the deviation of a lattice's values. */
const SMOOTHED = 0.743;

export function isStart(input: unknown): input is StartInput {
  if (typeof input !== 'object' || input === null || 'data' in input) return false;
  return Object.hasOwn(input, 'noise') || Object.hasOwn(input, 'colour');
}

function readSide(field: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_SIDE) return value as number;
  throw optionRangeError(field, `a whole number of pixels from 1 to ${MOST_SIDE}`, value);
}

function readSeed(field: string, value: unknown): string {
  const digits =
    typeof value === 'string' ? /^\d{1,20}$/.test(value) : typeof value === 'bigint' || Number.isSafeInteger(value);
  const seed = digits ? BigInt(value as number) : -1n;
  if (seed < 0n || seed > MOST_SEED) throw optionRangeError(field, 'a whole number from 0 to 2^64 - 1', value);
  return String(seed);
}

/** Checked and complete. Throws TypeError or RangeError with a code, naming the field. */
export function readStart(input: StartInput, named = 'picture'): Start {
  const known = 'noise' in input ? ['noise', 'width', 'height', 'seed', 'contrast'] : ['colour', 'width', 'height'];
  const other = Object.keys(input).find((name) => !known.includes(name));
  if (other !== undefined)
    throw optionRangeError(
      `${named}.${other}`,
      `left out: what begins is made of ${known.join(', ')}`,
      (input as object as Record<string, unknown>)[other],
    );
  const size = {
    width: readSide(`${named}.width`, input.width),
    height: readSide(`${named}.height`, input.height),
  };
  if ('noise' in input) {
    const { noise, seed = 0, contrast = CONTRAST.default } = input;
    if (!NOISES.includes(noise)) throw optionRangeError(`${named}.noise`, "'pink' or 'white'", noise);
    if (!(typeof contrast === 'number' && contrast > 0 && contrast <= CONTRAST.most))
      throw optionRangeError(`${named}.contrast`, `a number above 0 to ${CONTRAST.most} of 255`, contrast);
    return { noise, ...size, seed: readSeed(`${named}.seed`, seed), contrast };
  }
  const { colour } = input;
  if (typeof colour !== 'string') throw optionTypeError(`${named}.colour`, "a colour such as '#336699'", colour);
  if (!COLOUR.test(colour)) throw optionRangeError(`${named}.colour`, "a colour such as '#336699'", colour);
  return { colour: colour.toLowerCase(), ...size };
}

/** About normal, of deviation 1, of a point of a lattice: sums and products of whole numbers, the same on every machine. */
function lattice(x: number, y: number, seed: number): number {
  let hash = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 0x85ebca6b);
  let sum = 0;
  for (let i = 0; i < 4; i += 1) {
    hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    sum += ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
  }
  // Of four even numbers the mean is 2, and the variance a third.
  return (sum - 2) * Math.sqrt(3);
}

const smooth = (t: number): number => t * t * (3 - 2 * t);

/** Where pixels of a side lie between the points of a lattice that goes round. */
function places(side: number, points: number): { before: Int32Array; after: Int32Array; share: Float64Array } {
  const [before, after, share] = [new Int32Array(side), new Int32Array(side), new Float64Array(side)];
  for (let at = 0; at < side; at += 1) {
    const place = (at * points) / side;
    before[at] = Math.floor(place);
    after[at] = (Math.floor(place) + 1) % points;
    share[at] = smooth(place - Math.floor(place));
  }
  return { before, after, share };
}

interface Field {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Adds noise whose grains are so wide, and which goes on across the edges. */
async function addGrains({ width, height, values }: Field, grain: number, seed: number): Promise<void> {
  const [columns, rows] = [Math.max(1, Math.round(width / grain)), Math.max(1, Math.round(height / grain))];
  const points = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) points[row * columns + column] = lattice(column, row, seed);
  const [across, down] = [places(width, columns), places(height, rows)];
  const strength = grain === 1 ? 1 : 1 / SMOOTHED;
  for (let y = 0; y < height; y += 1) {
    // Who waits for other things need not wait for this.
    if (y % 64 === 0) await setImmediate();
    const [above, below] = [(down.before[y] as number) * columns, (down.after[y] as number) * columns];
    const lower = down.share[y] as number;
    for (let x = 0; x < width; x += 1) {
      const [left, right, share] = [across.before[x] as number, across.after[x] as number, across.share[x] as number];
      const upperValue = (points[above + left] as number) * (1 - share) + (points[above + right] as number) * share;
      const lowerValue = (points[below + left] as number) * (1 - share) + (points[below + right] as number) * share;
      values[y * width + x] =
        (values[y * width + x] as number) + strength * (upperValue * (1 - lower) + lowerValue * lower);
    }
  }
}

/** White: every pixel by itself. Pink: as much of every grain from two pixels on doubled, amplitudes of 1/f as in pictures. */
async function field(start: Extract<Start, { noise: string }>, seed: number): Promise<Float32Array> {
  const { width, height, noise } = start;
  const values = new Float32Array(width * height);
  const grains = [1];
  if (noise === 'pink') for (let grain = 2; grain <= Math.max(width, height) / 2; grain *= 2) grains.push(grain);
  for (const grain of grains) await addGrains({ width, height, values }, grain, Math.imul(seed, 64) + Math.log2(grain));
  const { length } = values;
  let mean = 0;
  for (const each of values) mean += each / length;
  let square = 0;
  for (const each of values) square += (each - mean) ** 2 / length;
  const deviation = Math.sqrt(square) || 1;
  return values.map((each) => (each - mean) / deviation);
}

/** The picture that a start is; noise goes on across its edges. */
export async function startPicture(start: Start): Promise<RawPicture> {
  const { width, height } = start;
  const data = new Uint8Array(width * height * COLOURS);
  if ('colour' in start) {
    const colour = [1, 3, 5].map((at) => Number.parseInt(start.colour.slice(at, at + 2), 16));
    for (let at = 0; at < data.length; at += 1) data[at] = colour[at % COLOURS] as number;
    return { data, width, height, channels: COLOURS };
  }
  const seed = Number(BigInt.asIntN(32, BigInt(start.seed) ^ (BigInt(start.seed) >> 32n)));
  const fields: Float32Array[] = [];
  for (let place = 0; place < COLOURS; place += 1) fields.push(await field(start, Math.imul(seed, 4) + place));
  const [one, two, three] = fields as [Float32Array, Float32Array, Float32Array];
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let colour = 0; colour < COLOURS; colour += 1) {
      const [a, b, c] = CORRELATED[colour] as [number, number, number];
      const value = a * (one[pixel] as number) + b * (two[pixel] as number) + c * (three[pixel] as number);
      data[pixel * COLOURS + colour] = Math.min(255, Math.max(0, Math.round(GREY + start.contrast * value)));
    }
  }
  return { data, width, height, channels: COLOURS };
}
