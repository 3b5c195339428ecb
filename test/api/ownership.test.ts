// Whose memory it is: what a caller gave may change, shrink or go away as soon as the call has returned.
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import { Dreamer } from '../../lib/dreamer.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { smallDreamer } from '../support/dreamers.js';
import { engineWith, notCancelled, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture } from '../support/pictures.js';

const SIDE = 96;
const OPTIONS = { octaves: 1, iterations: 2 } as const;
const pixels = Uint8Array.from(madePicture(SIDE, SIDE));

let dreamer: Dreamer;
let expected: Buffer;
const dreamOf = async (data: Uint8Array): Promise<Buffer> =>
  Buffer.from((await dreamer.dream({ data, width: SIDE, height: SIDE, channels: 3 }, OPTIONS)).data);
beforeAll(async () => {
  dreamer = await smallDreamer();
  expected = await dreamOf(pixels);
});
afterAll(async () => dreamer.dispose());

/** The pixels in a buffer that can be resized. */
function resizable(): { buffer: ArrayBuffer & { resize(bytes: number): void }; data: Uint8Array } {
  const Resizable = ArrayBuffer as unknown as new (
    bytes: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(bytes: number): void };
  const buffer = new Resizable(pixels.length, { maxByteLength: 2 * pixels.length });
  const data = new Uint8Array(buffer);
  data.set(pixels);
  return { buffer, data };
}

describe('raw pixels are taken at the call', () => {
  test('so that a buffer may be resized away', async () => {
    const { buffer, data } = resizable();
    const dream = dreamOf(data);
    buffer.resize(0);
    expect((await dream).equals(expected)).toBe(true);
  });

  test('so that a buffer may be transferred to another thread', async () => {
    const data = Uint8Array.from(pixels);
    const dream = dreamOf(data);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(data.buffer, [data.buffer]);
    expect(data.length).toBe(0);
    expect((await dream).equals(expected)).toBe(true);
    port1.close();
    port2.close();
  });

  test('so that the next frame may be written over it', async () => {
    const data = Buffer.from(pixels);
    const dream = dreamOf(data);
    data.fill(0);
    expect((await dream).equals(expected)).toBe(true);
  });

  test('from shared memory too', async () => {
    const data = new Uint8Array(new SharedArrayBuffer(pixels.length));
    data.set(pixels);
    const dream = dreamOf(data);
    data.fill(0);
    expect((await dream).equals(expected)).toBe(true);
  });
});

test('encoded pictures are taken at the call, from shared memory too', async () => {
  const png = await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
  const shared = new SharedArrayBuffer(png.length);
  new Uint8Array(shared).set(png);
  const own = new ArrayBuffer(png.length);
  new Uint8Array(own).set(png);
  const view = new Uint8Array(shared.slice(0));
  const dreams = [shared, own, view, png].map(async (input) => dreamer.dream(input, OPTIONS));
  for (const bytes of [new Uint8Array(shared), new Uint8Array(own), view, png]) bytes.fill(0);
  for (const { data } of await Promise.all(dreams)) expect(Buffer.from(data).equals(expected)).toBe(true);
});

test("a model's bytes are taken at the call", async () => {
  const graph = await readFile(smallModel().file);
  const loading = Dreamer.load({ model: { graph, defaultLayer: 'mixed3b' }, device: 'cpu' });
  graph.fill(0);
  const loaded = await loading;
  expect(loaded.layers().length).toBeGreaterThan(10);
  await loaded.dispose();
});

describe('the engine itself', () => {
  test('takes a picture and a graph at the call', async () => {
    const model = smallModel();
    const engine = await engineWith(model);
    const plan = planFor(model, { width: SIDE, height: SIDE, octaves: 1 }, { iterations: 1, output: 'uint8' });
    const right = await engine.dream(plan, pixels, notCancelled());
    const { buffer, data } = resizable();
    const dream = engine.dream(plan, data, notCancelled());
    buffer.resize(0);
    expect(Buffer.from((await dream).data).equals(Buffer.from(right.data))).toBe(true);
    const graph = await readFile(model.file);
    const loading = loadAddon().importModel({ graph, ...model.spec }, notCancelled());
    graph.fill(0);
    expect((await loading).layers.length).toBeGreaterThan(10);
    await engine.dispose();
  });

  test('takes no object for a Cancellation that only looks like one', async () => {
    const model = smallModel();
    const engine = await engineWith(model);
    const plan = planFor(model, { width: SIDE, height: SIDE, octaves: 1 });
    const { Cancellation } = loadAddon();
    // Of the right class, but never constructed: unwrapping it would read what is not there.
    for (const fake of [{}, Object.create(Cancellation.prototype), engine])
      expect(() => engine.dream(plan, pixels, fake)).toThrow(/expects a Cancellation/);
    await engine.dispose();
  });

  test('keeps the model that it has when a second one does not load', async () => {
    const model = smallModel();
    const engine = await engineWith(model);
    const plan = planFor(model, { width: SIDE, height: SIDE, octaves: 1 }, { iterations: 1 });
    const before = await engine.dream(plan, pixels, notCancelled());
    const { importModel } = loadAddon();
    await expect(importModel({ graph: new Uint8Array(64).fill(7), ...model.spec }, notCancelled())).rejects.toThrow(
      /cannot read/,
    );
    const released = await importModel({ graph: await readFile(model.file), ...model.spec }, notCancelled());
    released.releaseWeights();
    await expect(engine.load(released)).rejects.toThrow(/were released/);
    expect(() => engine.load({} as never)).toThrow(/a model of importModel/);
    const after = await engine.dream(plan, pixels, notCancelled());
    expect(Buffer.from(after.data.buffer).equals(Buffer.from(before.data.buffer))).toBe(true);
    await engine.dispose();
  });

  test('forgotten and collected, takes back what V8 was told of its memory', async () => {
    const { externalBytes } = loadAddon();
    await collectGarbage();
    const before = externalBytes();
    const forget = async (): Promise<void> => {
      await engineWith(smallModel());
      expect(externalBytes()).toBeGreaterThan(before);
    };
    await forget();
    await collectGarbage();
    expect(externalBytes()).toBe(before);
  });
});
