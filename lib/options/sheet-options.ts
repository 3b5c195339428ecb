import type { GivenOptions, OptionTable, ResolvedOptions } from './description.js';
import { DREAM_OPTIONS } from './dream-options.js';

/** How a contact sheet is laid out. */
export const SHEET_OPTIONS = {
  side: {
    kind: 'integer',
    default: 160,
    least: 64,
    most: 1024,
    unit: 'pixels',
    flag: '--side <n>',
    about: 'How high each picture is dreamed and drawn.',
  },
  columns: {
    kind: 'integer',
    default: undefined,
    otherwise: 'as many as make the sheet about square',
    least: 1,
    most: 100,
    flag: '--columns <n>',
    about: 'Filters or channels beside each other.',
  },
  perPage: {
    kind: 'integer',
    default: undefined,
    otherwise: 'all filters, 40 channels',
    least: 1,
    most: 1000,
    flag: '--per-page <n>',
    about: 'Filters or channels on one sheet.',
  },
  page: {
    kind: 'integer',
    default: 1,
    least: 1,
    most: 1_000_000,
    flag: '--page <n>',
    about: 'Which sheet to draw, from 1, where one does not hold all.',
  },
  pages: {
    kind: 'boolean',
    default: false,
    flag: '--pages',
    about: 'Draw them all: out-1.png, out-2.png and so on.',
  },
} as const satisfies OptionTable;

/** A picture's own size, frames and output are the sheet's to decide. */
const { size: _size, page: _page, depth: _depth, tileSize: _tile, ...dreams } = DREAM_OPTIONS;

/** Options of a dream that override those of the model and its filters. */
export const SHEET_DREAM_OPTIONS = dreams;

export type SheetLayoutOptions = GivenOptions<typeof SHEET_OPTIONS>;
export type SheetDreamOptions = GivenOptions<typeof SHEET_DREAM_OPTIONS>;
export type ResolvedSheetOptions = ResolvedOptions<typeof SHEET_OPTIONS>;
