import type { OptionTable, ResolvedOptions } from './description.js';
import { VIDEO_OPTIONS } from './video-options.js';
import { ZOOM_OPTIONS } from './zoom-options.js';

const { codec, quality, resume } = VIDEO_OPTIONS;

/** What `livedream morph` takes beside the options of a dream. */
export const MORPH_OPTIONS = {
  filters: {
    kind: 'text',
    default: undefined,
    list: true,
    otherwise: 'it has to be said',
    pattern: /^[^,]+(,[^,]+)*$/,
    expected: "names of filters, as 'owl,caves,reef'",
    flag: '--filters <name,...>',
    about: 'What the picture is dreamed as, one after another.',
  },
  duration: { ...ZOOM_OPTIONS.duration, default: 8 },
  rate: { ...VIDEO_OPTIONS.rate, default: 12.5, about: 'How many frames a second it has; GIF counts in hundredths.' },
  fade: {
    kind: 'number',
    default: 0.6,
    least: 0,
    most: 1,
    flag: '--fade <x>',
    about: 'What part of the time it is on its way from one filter to the next.',
  },
  seamless: {
    kind: 'boolean',
    default: true,
    flag: '--no-seamless',
    about: 'Come back to the first filter, so that the film can begin again unseen.',
  },
  keep: {
    kind: 'number',
    default: 0.88,
    least: 0,
    most: 0.99,
    flag: '--keep <x>',
    about: 'How much of the dream stays from frame to frame: more is stronger and slower.',
  },
  palette: { ...ZOOM_OPTIONS.palette, default: 0.3 },
  codec,
  quality: { ...quality, otherwise: '65' },
  resume,
} as const satisfies OptionTable;

export type ResolvedMorphOptions = ResolvedOptions<typeof MORPH_OPTIONS>;
