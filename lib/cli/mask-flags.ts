import type { Command } from 'commander';
import { optionRangeError } from '../errors.js';
import type { Mask } from '../options/mask.js';
import { MASK_GRAMMAR, maskOf } from './mask-text.js';

export interface MaskFlags {
  readonly mask?: string;
  readonly maskFeather?: string;
  readonly maskInvert?: boolean;
}

type Terms = readonly Readonly<Record<string, unknown>>[];

/** The flags that say where to dream. */
export function addMaskFlags(command: Command): void {
  command
    .option('--mask <file|shape>', `where to dream and how strongly: ${MASK_GRAMMAR}`)
    .option(
      '--mask-feather <n>',
      'how wide the edge of the mask fades, or of all that terms have, in pixels from 0 to 2000 (default: 0)',
    )
    .option('--mask-invert', 'dream outside of it instead');
}

/** As the API takes it, which checks it; with the terms' masks, where there are some and no other. */
export function readMaskFlags(
  { mask, maskFeather, maskInvert }: MaskFlags,
  terms: Terms = [],
): { readonly mask?: Mask; readonly objective?: Terms } {
  const feather = maskFeather === undefined ? {} : { feather: Number(maskFeather) };
  const edges = { ...feather, ...(maskInvert ? { invert: true } : {}) };
  if (mask !== undefined) return { mask: { ...maskOf(mask), ...edges } as Mask };
  if (Object.keys(edges).length === 0) return {};
  if (!terms.some((term) => term['mask'])) return { mask: edges as Mask };
  if (maskInvert)
    throw optionRangeError('mask-invert', "left out where terms have masks: 'TERM not in MASK' is outside one", true);
  const faded = terms.map((term) => (term['mask'] ? { ...term, mask: { ...Object(term['mask']), ...feather } } : term));
  return { objective: faded };
}
