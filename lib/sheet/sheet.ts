import { withCaller } from '../caller.js';
import type { Dreamer } from '../dreamer.js';
import { optionRangeError } from '../errors.js';
import { type OwnedPicture, own, type PictureInput, type RawPicture } from '../image/source.js';
import { nodeName } from '../model/layer.js';
import { readSignal } from '../options/control.js';
import type { Channel } from '../options/objective.js';
import { readOptions } from '../options/read.js';
import {
  type ResolvedSheetOptions,
  SHEET_DREAM_OPTIONS,
  SHEET_OPTIONS,
  type SheetDreamOptions,
  type SheetLayoutOptions,
} from '../options/sheet-options.js';
import { SAMPLE_PICTURE } from '../sample-picture.js';
import { channelCells, filterCells, type SheetCell } from './cells.js';
import { noisePicture } from './noise.js';
import { overPicture } from './over.js';
import { SheetPage, type SheetParts } from './page.js';

/** Which dreams stand on a sheet, and how; options of a dream override those of the model and its filters. */
export type SheetOptions = SheetLayoutOptions &
  SheetDreamOptions & {
    /** The picture that they are dreamed over, beside noise; a landscape that livedream brings along by default. */
    readonly over?: PictureInput | undefined;
    /** Only these filters. */
    readonly filters?: readonly string[] | undefined;
    /** The channels of this layer instead of filters, those first that answer most to the picture and to noise. */
    readonly layer?: string | undefined;
    /** Only these channels of the layer, in this order. */
    readonly channels?: readonly Channel[] | undefined;
    readonly signal?: AbortSignal | undefined;
  };

/** What there is to draw; nothing of it is dreamed yet. */
export interface Sheet {
  /** All of them, on whatever page. */
  readonly cells: readonly SheetCell[];
  /** How many pages hold all cells. */
  readonly pageCount: number;
  /** Those that were asked for. */
  readonly pages: readonly SheetPage[];
}

const CHANNELS_PER_PAGE = 40;

/** Throws a RangeError where a layer needs larger pictures. */
async function checkSide(
  dreamer: Dreamer,
  layers: ReadonlySet<string>,
  noise: RawPicture,
  over: RawPicture,
): Promise<void> {
  const shortest = Math.min(noise.width, over.width);
  for (const name of layers) {
    const { leastSize } = await dreamer.layer(name);
    if (leastSize <= shortest) continue;
    const least = Math.ceil((leastSize * noise.height) / shortest);
    throw optionRangeError('side', `at least ${least}, as the layer '${name}' needs`, noise.height);
  }
}

interface Asked extends ResolvedSheetOptions {
  readonly given: SheetOptions;
  readonly signal: AbortSignal | undefined;
  readonly dreams: SheetDreamOptions;
  readonly seed: bigint;
}

function read(given: SheetOptions): Asked {
  const { over, filters, layer, channels, signal, ...plain } = given;
  const layoutNames = Object.keys(SHEET_OPTIONS);
  const entries = Object.entries(plain);
  const layout = readOptions(
    SHEET_OPTIONS,
    Object.fromEntries(entries.filter(([name]) => layoutNames.includes(name))) as SheetLayoutOptions,
  );
  const dreams = Object.fromEntries(entries.filter(([name]) => !layoutNames.includes(name))) as SheetDreamOptions;
  const { seed } = readOptions(SHEET_DREAM_OPTIONS, dreams);
  if (channels !== undefined && layer === undefined)
    throw optionRangeError('layer', "given where 'channels' are", layer);
  if (filters !== undefined && layer !== undefined)
    throw optionRangeError('filters', "left out where 'layer' is given", filters);
  return { ...layout, given, dreams, seed, signal: readSignal(signal) };
}

function subtitleOf(asked: Asked, pageCount: number, all: number): SheetParts['subtitle'] {
  const { layer, channels } = asked.given;
  const things = (number: number): string => `${layer === undefined ? 'filter' : 'channel'}${number === 1 ? '' : 's'}`;
  const order = layer !== undefined && channels === undefined ? ', those first that answer most' : '';
  return ({ finished, cells, number }) => {
    const count = `${finished < cells.length ? `${finished} of ` : ''}${cells.length} ${things(cells.length)}`;
    const page = pageCount > 1 ? `   ·   page ${number} of ${pageCount}, ${all} ${things(all)}` : '';
    return `${count} from noise and over a picture${order}${page}`;
  };
}

function pagesOf(cells: readonly SheetCell[], asked: Asked, parts: Omit<SheetParts, 'subtitle'>): Sheet {
  const { perPage = asked.given.layer === undefined ? cells.length : CHANNELS_PER_PAGE, page, pages } = asked;
  const pageCount = Math.ceil(cells.length / perPage);
  if (page > pageCount) throw optionRangeError('page', `from 1 to ${pageCount}`, page);
  const numbers = pages ? Array.from({ length: pageCount }, (_, index) => index + 1) : [page];
  const subtitle = subtitleOf(asked, pageCount, cells.length);
  const own = (number: number): SheetCell[] => cells.slice((number - 1) * perPage, number * perPage);
  return {
    cells,
    pageCount,
    pages: numbers.map((number) => new SheetPage(number, own(number), { ...parts, subtitle })),
  };
}

/**
 * A contact sheet of a model: each filter, or each channel of a layer, from noise and over a picture, with its name. Nothing is
 * dreamed before `page.dream()`; `page.toFile()` draws what is finished.
 * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_IMAGE_UNREADABLE, _FILTER_UNKNOWN,
 * _LAYER_UNKNOWN, _CHANNEL_RANGE, _ABORTED and what `dreamer.responses` rejects with.
 * @example
 * ```ts
 * import { planSheet } from 'livedream';
 *
 * const { pages } = await planSheet(dreamer, { over: 'photo.jpg', filters: ['owl', 'eyes'], side: 96, octaves: 2 });
 * for (const page of pages) {
 *   await page.dream({ onProgress: ({ finished, total }) => console.log(`${finished} of ${total} cells`) });
 *   await page.toFile(`sheet-${page.number}.png`);
 * }
 * ```
 */
export async function planSheet(dreamer: Dreamer, options: SheetOptions = {}): Promise<Sheet> {
  const asked = read(options);
  const picture = own(options.over ?? SAMPLE_PICTURE);
  return withCaller(asked.signal, (caller) => caller.hear(plan(dreamer, picture, { ...asked, signal: caller.signal })));
}

async function plan(dreamer: Dreamer, picture: OwnedPicture, asked: Asked): Promise<Sheet> {
  const { side, columns, seed, dreams, signal, given } = asked;
  const over = await overPicture(picture, side, signal);
  const noise = noisePicture(side, side, seed);
  const parts = { dreamer, noise, over, columns, options: dreams };
  if (given.layer === undefined) {
    const cells = filterCells(dreamer, given.filters);
    await checkSide(dreamer, new Set(cells.map(({ layer }) => layer)), noise, over);
    return pagesOf(cells, asked, { ...parts, title: dreamer.model });
  }
  const layer = nodeName(given.layer);
  const { leastSize } = await dreamer.layer(layer);
  await checkSide(dreamer, new Set([layer]), noise, over);
  const cells = await channelCells(dreamer, { layer, channels: given.channels, over, noise, leastSize, signal });
  return pagesOf(cells, asked, { ...parts, title: `${dreamer.model} · ${layer}` });
}
