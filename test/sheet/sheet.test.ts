// What stands on a sheet, in which order, and what is drawn of it when it is cut short.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import type { Response } from '../../lib/responses.js';
import { ranked } from '../../lib/sheet/cells.js';
import { layOut } from '../../lib/sheet/layout.js';
import { planSheet, type SheetOptions } from '../../lib/sheet/sheet.js';
import { rawPicture } from '../support/dreamers.js';
import { smallModel } from '../support/models.js';
import { meanDifference } from '../support/pictures.js';

const FILTERS = {
  'one channel': { layer: 'mixed3b', channel: 'owl' },
  several: { layer: 'mixed3b', channels: [1, { channel: 4, weight: -0.5 }] },
  'a whole layer': { layer: 'mixed3a', options: { iterations: 3 } },
};
const FAST: SheetOptions = { side: 64, octaves: 1, iterations: 2, over: rawPicture(96, 64) };

let dreamer: Dreamer;
let folder: string;
let channels: number;
beforeAll(async () => {
  const graph = smallModel().file;
  const bare = await Dreamer.load({ model: { graph }, device: 'cpu' });
  channels = bare.layers().find(({ name }) => name === 'mixed3b')?.channels ?? 0;
  await bare.dispose();
  const names = Array.from({ length: channels }, (_, channel) => (channel === 3 ? 'owl' : `thing ${channel}`));
  const model = { graph, name: 'small', filters: FILTERS, channelNames: { mixed3b: names } };
  dreamer = await Dreamer.load({ model, device: 'cpu' });
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-sheet-'));
});
afterAll(async () => {
  await dreamer.dispose();
  await rm(folder, { recursive: true });
});

describe('a sheet of filters', () => {
  test('has them all on one page, in the order of the model, with what they dream', async () => {
    const { cells, pageCount, pages } = await planSheet(dreamer, FAST);
    expect(cells.map(({ label, detail }) => [label, detail])).toEqual([
      ['one channel', 'mixed3b · owl'],
      ['several', 'mixed3b · 1, 4 × -0.5'],
      ['a whole layer', 'mixed3a'],
    ]);
    expect(pageCount).toBe(1);
    expect(pages[0]?.cells).toEqual(cells);
  });

  test('is dreamed and written', async () => {
    const [page] = (await planSheet(dreamer, { ...FAST, columns: 1 })).pages;
    if (!page) throw new Error('no page');
    await expect(page.toBuffer()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' });
    const fractions: number[] = [];
    const finished: number[] = [];
    await page.dream({
      onProgress: (progress) => {
        fractions.push(progress.fraction);
        finished.push(progress.finished);
        expect(progress.total).toBe(3);
      },
    });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeCloseTo(1);
    expect(finished.at(-1)).toBe(3);
    const file = path.join(folder, 'sheet.jpg');
    await page.toFile(file);
    expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', ...page.size });
    expect(await readdir(folder)).toEqual(['sheet.jpg']);
  });

  test('shows over the picture what dreamer.dream makes of it', async () => {
    const { over, octaves, iterations } = FAST;
    const [page] = (await planSheet(dreamer, { ...FAST, filters: ['several'] })).pages;
    await page?.dream();
    const { data, info } = await ((await page?.toSharp()) as Sharp).raw().toBuffer({ resolveWithObject: true });
    const [cell] = layOut({ count: 1, side: 64, overWidth: 96, columns: undefined }).cells;
    if (!cell || !over) throw new Error('no cell');
    const { left, top, width, height } = cell.over;
    const drawn = await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
      .extract({ left, top, width, height })
      .raw()
      .toBuffer();
    const alone = await dreamer.dream(over, { filter: 'several', octaves, iterations });
    expect(meanDifference(drawn, alone.data)).toBeLessThan(0.1);
  });

  test('keeps what is finished when it is cancelled, and goes on from there', async () => {
    const one = { layer: 'mixed3a' };
    const filters = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`filter ${index}`, { ...one, options: { step: 1 + index / 8 } }]),
    );
    await using many = await Dreamer.load({ model: { graph: smallModel().file, filters }, device: 'cpu' });
    const [page] = (await planSheet(many, FAST)).pages;
    if (!page) throw new Error('no page');
    const controller = new AbortController();
    const onProgress = ({ finished }: { finished: number }): void => {
      if (finished >= 2) controller.abort();
    };
    await expect(page.dream({ signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_ABORTED',
    });
    expect(page.finished).toBeGreaterThanOrEqual(2);
    expect(page.finished).toBeLessThan(12);
    const { width, height } = await sharp(await page.toBuffer()).metadata();
    const size = layOut({ count: page.finished, side: 64, overWidth: 96, columns: undefined });
    expect({ width, height }).toEqual({ width: size.width, height: size.height });
    const before = many.statistics().steps;
    const done = page.finished;
    await page.dream();
    expect(page.finished).toBe(12);
    expect(many.statistics().steps - before).toBeLessThanOrEqual(2 * 2 * (12 - done));
  });

  test('ends with the error of what is called, and with that of a filter', async () => {
    const [page] = (await planSheet(dreamer, FAST)).pages;
    const onProgress = (): never => {
      throw new Error('mine');
    };
    await expect(page?.dream({ onProgress })).rejects.toThrow('mine');
    await expect(page?.dream({ onProgress: 7 as never })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_TYPE' });
  });
});

/** Of a channel that deviates by 1 from its mean. */
const response = (channel: number, above: number, mean = 0): Response => ({
  ...{ channel, mean, most: mean + above },
  meanSquare: mean ** 2 + 1,
});

test('channels are ranked by how far they stand out in both pictures, however loud they or their layer are', () => {
  const over = [response(0, 1), response(1, 3, -50), response(2, 2)];
  // All are ten times as loud: that is the layer, not the channel.
  const noise = [response(0, 50), response(1, 10), response(2, 10)].map((each) => ({ ...each, meanSquare: 100 }));
  expect(ranked(over, noise)).toEqual([
    { channel: 0, over: 1, noise: 5 },
    { channel: 1, over: 3, noise: 1 },
    { channel: 2, over: 2, noise: 1 },
  ]);
  const point = [response(0, 0), response(1, 0)].map((each) => ({ ...each, meanSquare: 0 }));
  expect(ranked(point, point)).toEqual([0, 1].map((channel) => ({ channel, over: 0, noise: 0 })));
});

describe('a sheet of channels', () => {
  const LAYER: SheetOptions = { ...FAST, layer: 'mixed3b' };

  test('has them all, those first that answer most', async () => {
    const { cells } = await planSheet(dreamer, LAYER);
    expect(new Set(cells.map(({ dream }) => dream.channel)).size).toBe(channels);
    const sums = cells.map(({ detail }) => {
      const [, noise, picture] = /^noise (-?[\d.]+) · picture (-?[\d.]+)$/.exec(detail) ?? [];
      return Number(noise) + Number(picture);
    });
    // Of rounded numbers.
    sums.slice(1).forEach((sum, index) => {
      expect(sum).toBeLessThanOrEqual((sums[index] as number) + 0.11);
    });
    expect(cells.find(({ dream }) => dream.channel === 3)?.label).toBe('3 owl');
  });

  test('has those that are asked for, in their order, by number or name', async () => {
    const { cells } = await planSheet(dreamer, { ...LAYER, layer: 'mixed3b:0', channels: [7, 'Owl', 2] });
    expect(cells.map(({ dream }) => dream)).toMatchObject([7, 3, 2].map((channel) => ({ layer: 'mixed3b', channel })));
    expect(cells.map(({ label }) => label)).toEqual(['7 thing 7', '3 owl', '2 thing 2']);
  });

  test('is drawn as the model says, or where it says nothing by what shows real networks best', async () => {
    const graph = smallModel().file;
    const [unknown] = (await planSheet(dreamer, LAYER)).cells;
    expect(unknown).toMatchObject({ dream: { iterations: 16, normalize: 'smooth' }, fromNoise: {} });
    await using hardly = await Dreamer.load({ model: { graph, defaultOptions: { equalize: 'positions' } } });
    expect((await planSheet(hardly, LAYER)).cells[0]?.dream).toMatchObject({ iterations: 16, normalize: 'smooth' });
    await using known = await Dreamer.load({ model: { graph, defaultOptions: { step: 2, iterations: 30 } } });
    const [cell] = (await planSheet(known, LAYER)).cells;
    expect(Object.keys(cell?.dream ?? {})).toEqual(['layer', 'channel']);
    expect(cell?.fromNoise).toEqual({ iterations: 30 });
  });

  test('comes in pages', async () => {
    const all = await planSheet(dreamer, { ...LAYER, perPage: 5, pages: true });
    expect(all.pages).toHaveLength(Math.ceil(channels / 5));
    expect(all.pages.flatMap(({ cells }) => cells)).toEqual(all.cells);
    const { pages, pageCount } = await planSheet(dreamer, { ...LAYER, perPage: 5, page: 2 });
    expect(pageCount).toBe(all.pages.length);
    expect(pages.map(({ number, cells }) => ({ number, cells }))).toEqual([
      { number: 2, cells: all.cells.slice(5, 10) },
    ]);
    const fortieth = await planSheet(dreamer, LAYER);
    expect(fortieth.pages[0]?.cells).toHaveLength(Math.min(40, channels));
  });
});

describe('what cannot be meant', () => {
  test.each<[SheetOptions, string, RegExp]>([
    [{ channels: [1] }, 'ERR_LIVEDREAM_OPTION_RANGE', /'layer'/],
    [{ layer: 'mixed3b', filters: ['several'] }, 'ERR_LIVEDREAM_OPTION_RANGE', /'filters'/],
    [{ filters: ['sevral'] }, 'ERR_LIVEDREAM_FILTER_UNKNOWN', /sevral/],
    [{ layer: 'mixed3c' }, 'ERR_LIVEDREAM_LAYER_UNKNOWN', /mixed3b/],
    [{ layer: 'mixed3b', channels: [100_000] }, 'ERR_LIVEDREAM_CHANNEL_RANGE', /100000/],
    [{ layer: 'mixed3b', channels: ['owwl'] }, 'ERR_LIVEDREAM_CHANNEL_UNKNOWN', /owl/],
    [{ layer: 'mixed3b', perPage: 5, page: 99 }, 'ERR_LIVEDREAM_OPTION_RANGE', /'page'.*from 1 to/],
    [{ side: 10 }, 'ERR_LIVEDREAM_OPTION_RANGE', /'side'/],
    [{ iteratons: 3 } as SheetOptions, 'ERR_LIVEDREAM_OPTION_RANGE', /iterations/],
    [{ size: 100 } as SheetOptions, 'ERR_LIVEDREAM_OPTION_RANGE', /'size'/],
    [{ over: 'nowhere.jpg' }, 'ERR_LIVEDREAM_IMAGE_UNREADABLE', /nowhere/],
    [{ signal: AbortSignal.abort() }, 'ERR_LIVEDREAM_ABORTED', /cancelled/],
  ])('%j', async (options, code, message) => {
    const planned = planSheet(dreamer, { ...FAST, ...options });
    await expect(planned).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a model without filters, of which channels can be drawn', async () => {
    await using bare = await Dreamer.load({ model: { graph: smallModel().file }, device: 'cpu' });
    await expect(planSheet(bare, FAST)).rejects.toThrow(/'layer'.*no filters/);
    expect((await planSheet(bare, { ...FAST, layer: 'mixed3a' })).cells.length).toBeGreaterThan(0);
  });

  test('is no picture of whatever shape: it is cut to one that a sheet can hold', async () => {
    const widths = await Promise.all(
      [rawPicture(900, 40), rawPicture(40, 900), rawPicture(90, 90)].map(async (over) => {
        const [page] = (await planSheet(dreamer, { ...FAST, over, filters: ['several'] })).pages;
        return page?.size.width ?? 0;
      }),
    );
    const expected = [128, 43, 64].map((overWidth) => layOut({ count: 1, side: 64, overWidth, columns: 1 }).width);
    expect(widths).toEqual(expected);
  });
});
