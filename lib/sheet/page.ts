import type { Sharp } from 'sharp';
import { outputPath } from '../dream.js';
import type { Dreamer } from '../dreamer.js';
import { DEFAULT_FORMAT, type Encoding, encodingOf, type PictureFormat } from '../formats.js';
import { checkFits, encode, encodingFor, toSharp, unwritable } from '../image/encode.js';
import type { RawPicture } from '../image/source.js';
import { writePicture } from '../image/write.js';
import { checkFunction, readSignal } from '../options/control.js';
import {
  BUFFER_FORMAT,
  PICTURE_FILE_OPTIONS,
  PICTURE_OPTIONS,
  type PictureFileOptions,
  type PictureOptions,
} from '../options/encode-options.js';
import { readArgument, readOptions } from '../options/read.js';
import type { SheetDreamOptions } from '../options/sheet-options.js';
import type { Size } from '../size.js';
import type { SheetCell } from './cells.js';
import { type Drawn, type DrawnCell, drawPage } from './draw.js';
import { layOut, type PageLayout } from './layout.js';

export interface SheetProgress {
  /** Cells of the page that are finished. */
  readonly finished: number;
  readonly total: number;
  /** 0..1 of the page's work. */
  readonly fraction: number;
}

export interface SheetControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SheetProgress) => unknown) | undefined;
}

/** What all pages of a sheet are made of. */
export interface SheetParts {
  readonly dreamer: Dreamer;
  readonly noise: RawPicture;
  readonly over: RawPicture;
  readonly columns: number | undefined;
  readonly options: SheetDreamOptions;
  readonly title: string;
  /** Below the title, of so many cells that are finished. */
  readonly subtitle: (page: SheetPage) => string;
}

type Ground = 'noise' | 'over';
type Pair = { [ground in Ground]?: Drawn };

/**
 * One sheet: dreams, each from noise and over a picture, with what they show written below. `planSheet` plans it.
 * @example
 * ```ts
 * import { planSheet } from 'livedream';
 *
 * const { pages } = await planSheet(dreamer, { filters: ['owl'], side: 96, octaves: 2, iterations: 2 });
 * for (const page of pages) {
 *   await page.dream();
 *   console.log(page.number, page.size, await page.toBuffer('webp'));
 * }
 * ```
 */
export class SheetPage {
  /** From 1. */
  readonly number: number;
  readonly cells: readonly SheetCell[];
  readonly #parts: SheetParts;
  readonly #pairs: Pair[];

  constructor(number: number, cells: readonly SheetCell[], parts: SheetParts) {
    this.number = number;
    this.cells = cells;
    this.#parts = parts;
    this.#pairs = cells.map(() => ({}));
  }

  /** Of the sheet with all its cells. */
  get size(): Size {
    const { width, height } = this.#layout(this.cells.length);
    return { width, height };
  }

  /** Cells whose two dreams are there: they are what is drawn. */
  get finished(): number {
    return this.#pairs.filter(({ noise, over }) => noise && over).length;
  }

  /**
   * Dreams the cells that are not finished yet. Where it is cancelled, or one fails, what is finished can be drawn all the same.
   * @throws a TypeError for a wrong option; else as `dreamer.variations` does
   * @example
   * ```ts
   * import { planSheet } from 'livedream';
   *
   * const { pages } = await planSheet(dreamer, { filters: ['owl'], side: 96, octaves: 2, iterations: 2 });
   * for (const page of pages) await page.dream({ signal: AbortSignal.timeout(600_000) });
   * ```
   */
  async dream({ signal, onProgress }: SheetControl = {}): Promise<void> {
    checkFunction('onProgress', onProgress);
    const other = new AbortController();
    const own = readSignal(signal);
    const both = own === undefined ? other.signal : AbortSignal.any([own, other.signal]);
    const report = this.#reporter(onProgress);
    // Together: the engine takes their batches in turns, so that cells are finished from the first on.
    const errors: unknown[] = [];
    const work = (['noise', 'over'] as const).map((ground) =>
      this.#dreamOn(ground, both, report).catch((error: unknown) => {
        errors.push(error);
        other.abort(error);
      }),
    );
    await Promise.all(work);
    if (errors.length > 0) throw errors[0];
  }

  /**
   * A sharp instance of the sheet, of the cells that are finished.
   * @throws LiveDreamError ERR_LIVEDREAM_OUTPUT_UNWRITABLE where none is
   * @example
   * ```ts
   * import { planSheet } from 'livedream';
   *
   * const { pages } = await planSheet(dreamer, { filters: ['owl'], side: 96, octaves: 2, iterations: 2 });
   * for (const page of pages) {
   *   await page.dream();
   *   await (await page.toSharp()).resize(100).toFile('small-sheet.png');
   * }
   * ```
   */
  async toSharp(): Promise<Sharp> {
    const cells = this.#drawnCells();
    if (cells.length === 0) throw unwritable('The sheet', 'none of its cells is finished; await page.dream() first');
    const { title, subtitle } = this.#parts;
    const layout = this.#layout(cells.length);
    return toSharp(await drawPage({ title, subtitle: subtitle(this), cells }, layout));
  }

  /**
   * As `dream.toFile`: of the cells that are finished.
   * @throws as `dream.toFile` does, and as `toSharp`
   * @example
   * ```ts
   * import { planSheet } from 'livedream';
   *
   * const { pages } = await planSheet(dreamer, { filters: ['owl'], side: 96, octaves: 2, iterations: 2 });
   * for (const page of pages) {
   *   await page.dream();
   *   await page.toFile(`page-${page.number}.jpg`, { quality: 85 });
   * }
   * ```
   */
  async toFile(place: string | URL, options: PictureFileOptions = {}): Promise<void> {
    const file = outputPath(place);
    const encoder = readOptions(PICTURE_FILE_OPTIONS, options);
    checkFits(this.#layout(Math.max(1, this.finished)), encodingFor(file, encoder.format), `'${file}'`, 'sheet');
    await writePicture(await this.toSharp(), file, encoder);
  }

  /**
   * As `dream.toBuffer`: of the cells that are finished.
   * @throws as `dream.toBuffer` does, and as `toSharp`
   * @example
   * ```ts
   * import { planSheet } from 'livedream';
   *
   * const { pages } = await planSheet(dreamer, { filters: ['owl'], side: 96, octaves: 2, iterations: 2 });
   * for (const page of pages) {
   *   await page.dream();
   *   console.log((await page.toBuffer('webp', { quality: 85 })).length, 'bytes');
   * }
   * ```
   */
  async toBuffer(format: PictureFormat = DEFAULT_FORMAT, options: PictureOptions = {}): Promise<Buffer> {
    readArgument('format', BUFFER_FORMAT, format);
    const { quality } = readOptions(PICTURE_OPTIONS, options);
    const encoding = encodingOf(format) as Encoding;
    checkFits(this.#layout(Math.max(1, this.finished)), encoding, 'The sheet', 'sheet');
    return encode(await this.toSharp(), encoding, quality);
  }

  #layout(count: number): PageLayout {
    const { noise, over, columns } = this.#parts;
    return layOut({ count, side: noise.height, overWidth: over.width, columns });
  }

  #drawnCells(): DrawnCell[] {
    return this.cells.flatMap((cell, index) => {
      const { noise, over } = this.#pairs[index] as Pair;
      return noise && over ? [{ ...cell, noise, over }] : [];
    });
  }

  async #dreamOn(ground: Ground, signal: AbortSignal, report: Reporter): Promise<void> {
    const { dreamer, options, [ground]: picture } = this.#parts;
    // One that is there without a value would hide the cell's own.
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const missing = this.#pairs.flatMap((pair, index) => (pair[ground] ? [] : [index]));
    const variations = missing.map((index) => {
      const { dream, fromNoise } = this.cells[index] as SheetCell;
      return { ...dream, ...(ground === 'noise' ? fromNoise : {}), ...given };
    });
    const onProgress = report && (({ fraction }: { fraction: number }) => report(ground, fraction));
    for await (const { index, dream } of dreamer.variations(picture, variations, { signal, onProgress })) {
      const { width, height, data } = dream;
      (this.#pairs[missing[index] as number] as Pair)[ground] = { width, height, data: data as Uint8Array };
      // The other of the pair may have waited for it.
      report?.(ground);
    }
  }

  #reporter(onProgress: SheetControl['onProgress']): Reporter {
    if (!onProgress) return undefined;
    const { noise, over } = this.#parts;
    const share = over.width / (noise.width + over.width);
    const fractions = { noise: 0, over: 0 };
    return (ground, fraction = fractions[ground]) => {
      fractions[ground] = fraction;
      const all = fractions.noise * (1 - share) + fractions.over * share;
      return onProgress({ finished: this.finished, total: this.cells.length, fraction: all });
    };
  }
}

type Reporter = ((ground: Ground, fraction?: number) => unknown) | undefined;
