import type { Dream } from '../../dream.js';
import type { FrameDreamer } from '../dream-frames.js';
import { type DreamOne, withColours } from '../dream-frames.js';
import type { StreamState } from '../stream-state.js';
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

function stateOf({ width, height, data }: Pixels): () => Promise<StreamState> {
  return async () => ({ width, height, source: new Uint8Array(0), change: data, strength: 0, mean: [0, 0, 0] });
}

/**
 * The endless film: the photograph, and then each frame the one before, moved, dreamed, and brought back towards the photograph's
 * colours. In floats from frame to frame, so that small motions are not lost in rounding.
 */
export function feedback(given: Feedback, dream: DreamOne, onDream: (dream: Dream) => void): FrameDreamer {
  const { photograph, schedule, rate, seed, signal } = given;
  const palette: Palette = paletteOf(photograph);
  return async function* dreamed(frames, from) {
    let current: Pixels = from ? { width: from.width, height: from.height, data: from.change } : photograph;
    for await (const frame of frames) {
      const place = Number(frame.time);
      if (place > 0) {
        const moment = schedule.at(place / rate);
        const moved = warp(current, moveOf(moment.motion, rate, current));
        const result = await dreamAt(moment, moved, async (picture, options) => {
          const own = { ...options, seed: (seed + BigInt(place)) % SEEDS, depth: 'float32', signal } as const;
          const one = await dream({ ...picture, channels: 3 }, own);
          onDream(one);
          return one.data as Float32Array;
        });
        current = keepPalette(result, palette, moment.motion.palette);
      }
      yield { frame: withColours(frame, current.data), state: stateOf(current) };
    }
  };
}
