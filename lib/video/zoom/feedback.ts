import type { Dream } from '../../dream.js';
import type { StreamCheckpoint } from '../../stream/checkpoint.js';
import type { FrameDreamer } from '../dream-frames.js';
import { type DreamOne, withColours } from '../dream-frames.js';
import { keepPalette, type Palette, paletteOf } from './palette.js';
import type { Pixels } from './pixels.js';
import type { Moment, Schedule } from './schedule.js';
import { type Move, warp } from './warp.js';

export interface Feedback {
  readonly photograph: Pixels;
  readonly schedule: Schedule;
  /** Frames a second. */
  readonly rate: number;
  /** Of the first frame; each has another. */
  readonly seed: bigint;
  /** How much of the change of the photograph stays from frame to frame; 1 where the photograph is only the beginning. */
  readonly keep: number;
  /** Frames that are dreamed before the first that is shown, so that it is a dream already; 0: it is the photograph. */
  readonly before: number;
  /** How many of those the end fades into, so that the film can begin again unseen; 0 for none. */
  readonly overlap: number;
  /** Of the whole film. */
  readonly frames: number;
  readonly signal: AbortSignal;
}

/** Seeds begin again at 0. */
const SEEDS = 2n ** 64n;

/** The part of a second's motion that falls to one frame. */
function moveOf({ zoom, rotate, driftX, driftY }: Moment['motion'], rate: number, { width, height }: Pixels): Move {
  return {
    zoom: zoom ** (1 / rate),
    angle: (rotate * Math.PI) / 180 / rate,
    x: (driftX * width) / rate,
    y: (driftY * height) / rate,
  };
}

/** Dreams of a picture; during a change in both ways, which are mixed. */
async function dreamAt(
  { dreams }: Moment,
  picture: Pixels,
  dream: (picture: Pixels, options: Moment['dreams'][number]['options']) => Promise<Float32Array>,
): Promise<Pixels> {
  const data = new Float32Array(picture.data.length);
  for (const { options, share } of dreams) {
    const dreamed = await dream(picture, options);
    for (let place = 0; place < data.length; place += 1)
      data[place] = (data[place] as number) + share * (dreamed[place] as number);
  }
  return { ...picture, data };
}

/** Back towards the photograph. */
function faded(picture: Pixels, { photograph, keep }: Feedback): Pixels {
  if (keep === 1) return picture;
  const data = picture.data.map((value, place) => {
    const had = photograph.data[place] as number;
    return had + keep * (value - had);
  });
  return { ...picture, data };
}

function mixed(one: Pixels, other: Pixels, share: number): Pixels {
  return { ...one, data: one.data.map((value, place) => value + share * ((other.data[place] as number) - value)) };
}

function stateOf({ width, height, data }: Pixels): () => Promise<StreamCheckpoint> {
  return async () => ({
    width,
    height,
    source: new Uint8Array(0),
    change: data,
    strength: 0,
    mean: [0, 0, 0],
    frames: 0,
  });
}

/**
 * The endless film: the photograph, and then each frame the one before, moved, dreamed, and brought back towards the photograph's
 * colours. In floats from frame to frame, so that small motions are not lost in rounding.
 */
export function feedback(given: Feedback, dream: DreamOne, onDream: (dream: Dream) => void): FrameDreamer {
  const { photograph, schedule, rate, seed, before, overlap, frames, signal } = given;
  const palette: Palette = paletteOf(photograph);
  /** The frame of a place among all that are dreamed, those before the first that is shown too. */
  async function after(last: Pixels, place: number): Promise<Pixels> {
    const moment = schedule.at(Math.max(0, (place - before) / rate));
    const moved = warp(faded(last, given), moveOf(moment.motion, rate, last));
    const result = await dreamAt(moment, moved, async (picture, options) => {
      const own = { ...options, seed: (seed + BigInt(place)) % SEEDS, depth: 'float32', signal } as const;
      const one = await dream({ ...picture, channels: 3 }, own);
      onDream(one);
      return one.data as Float32Array;
    });
    return keepPalette(result, palette, moment.motion.palette);
  }
  /** What comes before the first frame that is shown: the last of it, and the part that the end fades into. */
  async function begin(): Promise<{ readonly last: Pixels; readonly seam: readonly Pixels[] }> {
    let last = photograph;
    const seam: Pixels[] = [];
    for (let place = 1; place < before; place += 1) {
      if (place >= before - overlap) seam.push(last);
      last = await after(last, place);
    }
    return { last, seam: overlap > 0 ? [...seam.slice(1), last] : [] };
  }
  return async function* dreamed(source, from) {
    // The photograph is place 0 of all, and where nothing comes before it, it is shown.
    const { last, seam } = from && overlap === 0 ? { last: photograph, seam: [] } : await begin();
    let current: Pixels = from ? { width: from.width, height: from.height, data: from.change } : last;
    for await (const frame of source) {
      const shown = Number(frame.time);
      if (shown + before > 0) current = await after(current, shown + before);
      const other = seam[shown - (frames - seam.length)];
      const share = (shown - (frames - seam.length) + 1) / (seam.length + 1);
      const picture = other ? mixed(current, other, share) : current;
      yield { frame: withColours(frame, picture.data), state: stateOf(current) };
    }
  };
}
