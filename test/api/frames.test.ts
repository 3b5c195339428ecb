// Pictures that stay on the device between jobs: chained dreams make no round trip and lose nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine, NativePlan } from '../../lib/binding/native.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { engineWith, modeOf, notCancelled, type PlanSettings, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture } from '../support/pictures.js';

const SIZE = { width: 96, height: 80, octaves: 2 } as const;
const model = smallModel();
const picture = madePicture(SIZE.width, SIZE.height);

let engine: NativeEngine;
beforeAll(async () => {
  engine = await engineWith(model, 2 ** 20);
});
afterAll(async () => engine.dispose());

const planOf = (rest: PlanSettings = {}): NativePlan => planFor(model, SIZE, { iterations: 3, ...rest });
const kept = (rest: PlanSettings = {}): NativePlan & { output: 'frame' } => ({
  ...planOf(rest),
  output: 'frame',
});
const bytes = (data: Uint8Array | Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe('a frame', () => {
  test('goes up and comes down as it was, as floats and as bytes', async () => {
    const frame = await engine.upload(picture, SIZE.width, SIZE.height);
    expect(frame).toMatchObject({ width: SIZE.width, height: SIZE.height });
    expect(bytes(await engine.download(frame, 'float32')).equals(bytes(picture))).toBe(true);
    expect(bytes(await engine.download(frame, 'uint8')).equals(bytes(Uint8Array.from(picture)))).toBe(true);
    const fromBytes = await engine.upload(Uint8Array.from(picture), SIZE.width, SIZE.height);
    expect(bytes(await engine.download(fromBytes, 'float32')).equals(bytes(picture))).toBe(true);
  });

  for (const xla of [false, true]) {
    test(`chains dreams to the same bytes as floats through JavaScript, ${xla ? 'with' : 'without'} XLA`, async () => {
      const mode = modeOf(xla);
      const first = await engine.dream(planOf({ mode }), picture, notCancelled());
      const second = await engine.dream(planOf({ mode }), first.data, notCancelled());
      const start = await engine.upload(picture, SIZE.width, SIZE.height);
      const one = await engine.dream(kept({ mode }), start, notCancelled());
      const two = await engine.dream(planOf({ mode }), one.frame, notCancelled());
      expect(bytes(two.data).equals(bytes(second.data))).toBe(true);
      // A frame is not used up.
      expect(bytes(await engine.download(one.frame, 'float32')).equals(bytes(first.data))).toBe(true);
      const [a, b] = [one.frame, first.data].map((each) => engine.gradient(planOf({ mode }), each, notCancelled()));
      expect(bytes((await a)?.data as Float32Array).equals(bytes((await b)?.data as Float32Array))).toBe(true);
    });
  }

  test('outlives the programs that made it', async () => {
    const { frame } = await engine.dream(kept(), picture, notCancelled());
    const before = bytes(await engine.download(frame, 'float32')).toString('base64');
    const evicted = engine.statistics().programsEvicted;
    // The cache holds next to nothing: other sizes evict the workspace.
    for (const side of [64, 72, 88])
      await engine.dream(
        planFor(model, { width: side, height: side, octaves: 1 }),
        madePicture(side, side),
        notCancelled(),
      );
    expect(engine.statistics().programsEvicted).toBeGreaterThan(evicted);
    await collectGarbage();
    expect(bytes(await engine.download(frame, 'float32')).toString('base64')).toBe(before);
  });

  test("of another engine, of another size or made up is refused, and one outlives its engine's end", async () => {
    const other = await engineWith(model);
    const foreign = await other.upload(picture, SIZE.width, SIZE.height);
    await expect(engine.dream(planOf(), foreign, notCancelled())).rejects.toThrow(/another engine's/);
    await expect(engine.download(foreign, 'uint8')).rejects.toThrow(/another engine's/);
    const wrong = planFor(model, { width: 64, height: 64, octaves: 1 });
    expect(() => other.dream(wrong, foreign, notCancelled())).toThrow(/a frame of the last octave's size/);
    expect(() => engine.download({ width: 1, height: 1 }, 'uint8')).toThrow(/expects a frame/);
    await other.dispose();
    await collectGarbage();
    await expect(other.download(foreign, 'uint8')).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_DISPOSED' });
  });
});
