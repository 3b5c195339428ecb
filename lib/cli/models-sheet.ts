import path from 'node:path';
import type { Command } from 'commander';
import { outputPath } from '../dream.js';
import { Dreamer } from '../dreamer.js';
import { optionRangeError } from '../errors.js';
import { checkReadable } from '../image/decode.js';
import { checkFits, encodingFor } from '../image/encode.js';
import { picturePath } from '../image/path.js';
import { checkWritable } from '../image/write.js';
import type { LoadOptions } from '../load-options.js';
import { OTHER_LOAD_OPTIONS } from '../load-options.js';
import { PICTURE_FILE_OPTIONS, type PictureFileOptions } from '../options/encode-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { PRESET_OPTIONS } from '../options/preset.js';
import { readOptions } from '../options/read.js';
import { SHEET_DREAM_OPTIONS, SHEET_OPTIONS } from '../options/sheet-options.js';
import type { SheetPage } from '../sheet/page.js';
import { planSheet, type Sheet, type SheetOptions } from '../sheet/sheet.js';
import { fetchFirst } from './consent.js';
import { addFlags, readFlags } from './flags.js';
import { useOwnFonts } from './fonts.js';
import { type ModelFlags, readModelFlags } from './model-flags.js';
import { type Progress, showProgress } from './progress.js';
import { interruptSignal, printWarnings } from './report.js';
import { refuseSameFiles } from './same-file.js';

/** The flags of a contact sheet, as commander gives them. */
export interface SheetFlags extends Omit<ModelFlags, 'model'> {
  readonly sheet?: string;
  readonly over?: string;
  readonly filters?: string;
  readonly layer?: string;
  readonly channels?: string;
}

function listed(text: string | undefined): string[] | undefined {
  return text?.split(',').map((part) => part.trim());
}

function readChannels(text: string | undefined): (number | string)[] | undefined {
  return listed(text)?.map((part) => {
    if (part === '') throw optionRangeError('channels', "numbers or names, such as '3,17'", text);
    return Number.isNaN(Number(part)) ? part : Number(part);
  });
}

interface Asked {
  /** Of the model. */
  readonly name: string;
  readonly file: string;
  readonly encoding: PictureFileOptions;
  readonly load: LoadOptions;
  readonly sheet: SheetOptions;
}

function readAsked(name: string, flags: SheetFlags): Asked {
  const values = { ...flags };
  const load = { ...readFlags(values, LOAD_OPTIONS), model: readModelFlags({ ...flags, model: name }) } as LoadOptions;
  const encoding = readFlags(values, PICTURE_FILE_OPTIONS) as PictureFileOptions;
  const layout = readFlags(values, SHEET_OPTIONS);
  const dreams = readFlags(values, SHEET_DREAM_OPTIONS);
  readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  readOptions(PICTURE_FILE_OPTIONS, encoding);
  readOptions(SHEET_OPTIONS, layout);
  readOptions(SHEET_DREAM_OPTIONS, dreams);
  const over = flags.over === undefined ? undefined : picturePath(flags.over);
  const { layer } = flags;
  const chosen = { over, layer, filters: listed(flags.filters), channels: readChannels(flags.channels) };
  return {
    name,
    file: outputPath(flags.sheet as string),
    encoding,
    load,
    sheet: { ...layout, ...dreams, ...chosen } as SheetOptions,
  };
}

/** The file of a page: with --pages out-1.png, out-2.png and so on. */
function fileOf({ file, sheet }: Asked, number: number): string {
  if (!sheet.pages) return file;
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${number}${ext}`);
}

/** The files that are read: none of them must be overwritten. */
function inputsOf({ name, sheet: { over } }: Asked): string[] {
  return [...(over === undefined ? [] : [over as string]), name];
}

/** Everything that can be known to go wrong before the network is loaded. */
async function checkBefore(asked: Asked): Promise<void> {
  const { over } = asked.sheet;
  await checkWritable(fileOf(asked, 1), asked.encoding.format);
  if (over !== undefined) await checkReadable(over as string, { page: undefined, size: undefined });
  await refuseSameFiles(inputsOf(asked), [fileOf(asked, 1)]);
}

async function checkPages({ pages }: Sheet, asked: Asked): Promise<void> {
  const outputs = pages.map(({ number }) => fileOf(asked, number));
  await refuseSameFiles(inputsOf(asked), outputs);
  for (const [index, page] of pages.entries()) {
    const output = outputs[index] as string;
    await checkWritable(output, asked.encoding.format);
    checkFits(page.size, encodingFor(output, asked.encoding.format), `'${output}'`, 'sheet');
  }
}

function say(text: string, progress: Progress): void {
  progress.stop();
  process.stderr.write(`livedream: ${text}\n`);
}

/** Dreams a page and writes it; where that is cut short, writes what is finished, and says so. */
async function drawPage(page: SheetPage, asked: Asked, progress: Progress, signal: AbortSignal): Promise<void> {
  const file = fileOf(asked, page.number);
  const name = path.basename(file);
  try {
    await page.dream({
      signal,
      onProgress: ({ finished, total, fraction }) => progress.update(fraction, `${name}: ${finished} of ${total}`),
    });
  } catch (error) {
    if (page.finished > 0) {
      await page.toFile(file, asked.encoding);
      say(`${page.finished} of ${page.cells.length} are on '${file}'`, progress);
      progress.result(file);
    }
    throw error;
  }
  progress.phase(`${name}: drawing`);
  await page.toFile(file, asked.encoding);
  progress.result(file);
}

/** As flags, what a channel of the sheet was dreamed with: with them a filter of it is what was seen. */
function flagsOf(options: object): string {
  return Object.entries(PRESET_OPTIONS)
    .map(([name, { flag }]) => [flag, (options as Record<string, unknown>)[name]] as const)
    .filter(([, value]) => value !== undefined)
    .map(([flag, value]) => ` ${flag.split(' ')[0]} ${value}`)
    .join('');
}

/** What to do next with what the sheet shows. */
function sayWhatNext({ cells, pages, pageCount }: Sheet, { sheet, name }: Asked, progress: Progress): void {
  const last = pages[pages.length - 1]?.number ?? 1;
  if (pages.length < pageCount)
    say(`page ${last} of ${pageCount}; --page draws another one, --pages draws them all`, progress);
  if (sheet.layer === undefined) return;
  const options = flagsOf({ ...cells[0]?.dream, ...sheet });
  const what = `--model ${name} --layer ${sheet.layer} --channels N,N${options}`;
  say(`to keep what you like: livedream models name FILTER ${what}`, progress);
}

/** Draws the contact sheet of a model: `livedream models show NAME --sheet out.png`. */
export async function drawModelSheet(name: string, flags: SheetFlags): Promise<void> {
  useOwnFonts();
  const asked = readAsked(name, flags);
  await checkBefore(asked);
  const signal = interruptSignal();
  const progress = showProgress();
  try {
    await fetchFirst(asked.load.model, flags.yes, signal);
    progress.phase('loading the network');
    await using dreamer = await Dreamer.load({ ...asked.load, signal });
    if (dreamer.warnings.length > 0) progress.stop();
    printWarnings(dreamer);
    progress.phase('looking at the channels');
    const sheet = await planSheet(dreamer, { ...asked.sheet, signal });
    await checkPages(sheet, asked);
    for (const page of sheet.pages) await drawPage(page, asked, progress, signal);
    sayWhatNext(sheet, asked, progress);
  } finally {
    progress.stop();
  }
}

/** Whether a sheet is wanted. Throws a RangeError for flags that only make sense with one. */
export function wantsSheet(flags: SheetFlags): boolean {
  const { sheet, ...others } = flags;
  if (sheet !== undefined) return true;
  const known = ['over', 'filters', 'layer', 'channels', ...Object.keys(SHEET_OPTIONS)];
  const given = Object.keys(others).find((name) => known.includes(name));
  if (given === undefined) return false;
  throw optionRangeError('sheet', `given, as '${given}' is about what it draws: --sheet out.png`, sheet);
}

/** Adds `--sheet` and all that belongs to it. */
export function addSheetFlags(command: Command): void {
  command
    .optionsGroup('The contact sheet:')
    .option(
      '--sheet <file>',
      'draw each filter from noise and over a picture, with its name: PNG, JPEG, WebP, AVIF, TIFF',
    )
    .option('--over <picture>', 'the picture that is dreamed over (default: a landscape)')
    .option('--filters <a,b>', 'only these filters')
    .option('--layer <name>', 'the channels of a layer instead, those first that answer most')
    .option('--channels <n,n>', 'only these channels of the layer, by number or name');
  addFlags(command, SHEET_OPTIONS);
  addFlags(command, PICTURE_FILE_OPTIONS);
  command.optionsGroup('What the model and its filters say counts where these are not given:');
  addFlags(command, SHEET_DREAM_OPTIONS);
  command.optionsGroup('Where the sheet is dreamed:');
  addFlags(command, LOAD_OPTIONS);
}
