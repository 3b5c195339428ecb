// What streams are for: dreams that do not flicker where the picture moves, nor drift where it does not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import type { StreamedFrame } from '../../lib/stream/frame.js';
import type { StreamOptions } from '../../lib/stream/open.js';
import { meanDifference, samplePicture } from '../support/pictures.js';
import { detail } from './support/detail.js';
import { type Camera, motionBetween, type Size, view, warpedDifference } from './support/motions.js';

const SIZE = { width: 480, height: 360 } as const;
/** Of the package's own network, as a live stream has them. */
const OPTIONS = { octaves: 2, iterations: 2 } as const;
const FRAMES = 12;
/** Frames until the dream has its strength. */
const SETTLED = 4;

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await Dreamer.load({ device: 'cpu', xla: false });
});
afterAll(() => dreamer.dispose());

async function dreamed(frames: readonly RawPicture[], options: StreamOptions): Promise<StreamedFrame[]> {
  const found: StreamedFrame[] = [];
  for await (const frame of dreamer.stream(frames, { ...OPTIONS, ...options })) found.push(frame);
  return found;
}

interface Film {
  readonly cameras: readonly Camera[];
  readonly frames: readonly RawPicture[];
}

async function film(camera: (index: number) => Camera, size: Size, length = FRAMES): Promise<Film> {
  const cameras = Array.from({ length }, (_, index) => camera(index));
  return { cameras, frames: await Promise.all(cameras.map((each) => view(each, size))) };
}

/** The mean difference of successive frames, each moved as the camera was, and the mean change of the source. */
function measured({ cameras, frames }: Film, dreams: readonly StreamedFrame[]): { flicker: number; strength: number } {
  const places = [...dreams.keys()].slice(SETTLED);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    flicker: mean(
      places.map((i) => {
        const motion = motionBetween(cameras[i] as Camera, cameras[i - 1] as Camera, SIZE);
        return warpedDifference(dreams[i] as StreamedFrame, dreams[i - 1] as StreamedFrame, motion);
      }),
    ),
    strength: mean(
      places.map((i) => meanDifference((dreams[i] as StreamedFrame).data, (frames[i] as RawPicture).data)),
    ),
  };
}

describe('a dream that is carried along', () => {
  test.each<[string, (index: number) => Camera]>([
    // By whole pixels, as ffmpeg's crop pans: what moving a picture between pixels costs is not the dream's flicker.
    ['a pan', (index) => ({ x: 3 * index - 15, y: index })],
    ['a rotation', (index) => ({ angle: index })],
  ])('flickers a third as much as frames by themselves on %s, and is as strong', async (name, camera) => {
    const source = await film(camera, SIZE);
    const alone = measured(source, await dreamed(source.frames, { coherence: false }));
    const carried = measured(source, await dreamed(source.frames, {}));
    const ratio = carried.flicker / alone.flicker;
    console.log(
      `${name}: flicker ${ratio.toFixed(3)} of alone, strength ${(carried.strength / alone.strength).toFixed(3)}`,
    );
    expect(ratio).toBeLessThan(1 / 3);
    expect(carried.strength / alone.strength).toBeGreaterThan(0.8);
    expect(carried.strength / alone.strength).toBeLessThan(1.2);
  });

  test('keeps its details where each frame is moved by half a pixel', async () => {
    const frames = 40;
    const source = await film((index) => ({ x: 1.5 * index - 30, y: 0.5 * index - 10 }), SIZE, frames);
    const dreams = await dreamed(source.frames, {});
    const details = dreams.map((dream, place) => detail(dream, source.frames[place] as RawPicture));
    const kept = (details[frames - 1] as number) / (details[0] as number);
    console.log(`details after ${frames} frames: ${kept.toFixed(3)} of the first frame's`);
    // By Catmull and Rom's spline it was 0.65.
    expect(kept).toBeGreaterThan(0.75);
    expect(kept).toBeLessThan(1.1);
  });

  test('grows to the strength that is asked for', async () => {
    const { frames } = await film(() => ({}), SIZE);
    const found = await dreamed([...frames, ...frames], { strength: 2 });
    const [first, last] = [found[0] as StreamedFrame, found[found.length - 1] as StreamedFrame];
    expect(last.strength / first.strength).toBeGreaterThan(1.4);
    expect(last.strength / first.strength).toBeLessThanOrEqual(2.001);
  });

  test('does not drift in 600 frames of one picture', async () => {
    const size = { width: 120, height: 90 };
    const data = Uint8Array.from(await samplePicture(size.width, size.height));
    function* still(): Generator<RawPicture> {
      for (let i = 0; i < 600; i += 1) yield { data, ...size, channels: 3 };
    }
    const of = ({ data: pixels }: Pick<StreamedFrame, 'data'>): { mean: number; saturated: number } => {
      let [sum, saturated] = [0, 0];
      for (const value of pixels) {
        sum += value;
        if (value === 0 || value === 255) saturated += 1;
      }
      return { mean: sum / pixels.length, saturated: saturated / pixels.length };
    };
    const alone = of(await dreamer.dream({ data, ...size, channels: 3 }, OPTIONS));
    let last: StreamedFrame | undefined;
    for await (const frame of dreamer.stream(still(), OPTIONS)) last = frame;
    const end = of(last as StreamedFrame);
    expect(last?.index).toBe(599);
    expect(Math.abs(end.mean / alone.mean - 1)).toBeLessThan(0.02);
    expect(end.saturated).toBeLessThanOrEqual(alone.saturated);
    // It is still a dream.
    expect(meanDifference((last as StreamedFrame).data, data)).toBeGreaterThan(1);
  });
});
