// The network that comes with the package: what people see first.
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { rawPicture } from '../support/dreamers.js';
import { hasShared, meanDifference, SAMPLE, SHARED } from '../support/pictures.js';

const own = path.join(packageRoot, 'models/dream');
let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await Dreamer.load({ device: 'cpu' });
});
afterAll(async () => dreamer.dispose());

/** The share of 32 x 32 blocks that a dream changed by more than 3 of 255 on average. */
async function touchedBlocks(picture: string): Promise<number> {
  const dream = await dreamer.dream(picture);
  const before = await sharp(picture).removeAlpha().raw().toBuffer();
  const { width, height, data: after } = dream;
  const [columns, rows] = [Math.floor(width / 32), Math.floor(height / 32)];
  let touched = 0;
  for (let block = 0; block < columns * rows; block += 1) {
    const [left, top] = [(block % columns) * 32, Math.floor(block / columns) * 32];
    let sum = 0;
    for (let y = top; y < top + 32; y += 1) {
      for (let i = (y * width + left) * 3; i < (y * width + left + 32) * 3; i += 1)
        sum += Math.abs((after[i] as number) - (before[i] as number));
    }
    if (sum / (32 * 32 * 3) > 3) touched += 1;
  }
  return touched / (columns * rows);
}

describe("the package's own network", () => {
  it('is what Dreamer.load takes, of at most 4 MB, with a licence', async () => {
    expect(dreamer.model).toBe('dream');
    expect((await stat(path.join(own, 'graph.pb'))).size).toBeLessThanOrEqual(4_000_000);
    expect(await readFile(path.join(own, 'NOTICE'), 'utf8')).toMatch(/MIT License[\s\S]*Microsoft/);
  });

  it('has at least 24 filters, among them the six of the seed, and each can be dreamed', async () => {
    const names = Object.keys(dreamer.filters());
    expect(names.length).toBeGreaterThanOrEqual(24);
    const seed = ['tornado', 'flowers', 'fireworks', 'caves', 'mountains', 'van-gogh'];
    const classes = ['owl', 'butterfly', 'eye', 'parrot', 'peacock', 'tiger', 'monkey', 'turtle'];
    expect(names).toEqual(expect.arrayContaining([...seed, ...classes]));
    for (const filter of names) {
      const { objectives, parameters } = await dreamer.dream(rawPicture(72, 72), { filter, octaves: 1, iterations: 4 });
      expect(parameters.filter).toBe(filter);
      expect(objectives.at(-1), filter).toBeGreaterThan(objectives[0] as number);
    }
  });

  it('draws its default with options of its own, which the caller overrides', async () => {
    const { parameters } = await dreamer.dream(rawPicture(96, 96), { iterations: 1 });
    expect(parameters).toMatchObject({ filter: 'van-gogh', octaves: 5, octaveScale: 1.5, iterations: 1, step: 2 });
    const fewer = await dreamer.dream(rawPicture(40, 40), { iterations: 1 });
    expect(fewer.parameters.octaves).toBe(3);
  });

  it('knows its classes by name', async () => {
    const names = dreamer.channelNames('classes');
    expect(dreamer.layers().find(({ name }) => name === 'classes')?.channels).toBe(names.length);
    expect(dreamer.channelNames('mixed4d')).toEqual([]);
    expect(() => dreamer.channelNames('mixed9')).toThrow(/no layer 'mixed9'/);
    const { parameters } = await dreamer.dream(rawPicture(64, 64), { channel: 'Owl', octaves: 1, iterations: 1 });
    expect(parameters.objective).toMatchObject({
      layer: 'classes',
      channels: [{ channel: names.indexOf('owl'), weight: 1 }],
    });
    await expect(dreamer.dream(rawPicture(64, 64), { channel: 'oul' })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_CHANNEL_UNKNOWN',
    });
  });

  it('compiles with XLA', async () => {
    const compiled = await Dreamer.load({ device: 'cpu', xla: true });
    const options = { octaves: 1, iterations: 1, jitter: false, depth: 'float32' } as const;
    for (const filter of ['van-gogh', 'owl']) {
      const dreams = [dreamer, compiled].map(async (each) => each.dream(rawPicture(64, 64), { filter, ...options }));
      const [ordinary, fast] = await Promise.all(dreams);
      expect(fast?.xla).toBe(true);
      expect(fast?.objectives[0]).toBeCloseTo(ordinary?.objectives[0] as number, 4);
      expect(meanDifference(fast?.data ?? [], ordinary?.data ?? [])).toBeLessThan(1e-3);
    }
    await compiled.dispose();
  });

  it('leaves no part of the sample picture as it was: 95 % of blocks change by more than 3', async () => {
    expect(await touchedBlocks(SAMPLE)).toBeGreaterThanOrEqual(0.95);
  });

  test.skipIf(!hasShared)('nor of the photograph (../shared)', async () => {
    expect(await touchedBlocks(path.join(SHARED, 'images/pilatus800.jpg'))).toBeGreaterThanOrEqual(0.95);
  });

  it('is refused where a byte of it is damaged', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'livedream-damaged-'));
    await cp(own, folder, { recursive: true });
    const graph = path.join(folder, 'graph.pb');
    const bytes = await readFile(graph);
    bytes.writeUInt8(bytes.readUInt8(2_000_000) ^ 1, 2_000_000);
    await writeFile(graph, bytes);
    await expect(Dreamer.load({ model: folder, device: 'cpu' })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_CHECKSUM',
      message: expect.stringContaining(graph),
    });
    await rm(folder, { recursive: true });
  });
});
