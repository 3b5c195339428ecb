import type { GivenOptions, OptionTable, ResolvedOptions } from './description.js';
import { VIDEO_OPTIONS } from './video-options.js';

const { codec, quality, resume } = VIDEO_OPTIONS;

/** How the picture of a feedback film moves, by the second: the same at every frame rate. A schedule may change it over time. */
export const MOTION_OPTIONS = {
  zoom: {
    kind: 'number',
    default: 1.35,
    least: 0.1,
    most: 10,
    unit: 'times a second',
    flag: '--zoom <x>',
    about: 'How much larger everything becomes: above 1 into the picture, below 1 out of it.',
  },
  rotate: {
    kind: 'number',
    default: 4,
    least: -360,
    most: 360,
    unit: 'degrees a second',
    flag: '--rotate <x>',
    about: 'How far the picture turns, to the right.',
  },
  driftX: {
    kind: 'number',
    default: 0,
    least: -2,
    most: 2,
    unit: 'widths a second',
    flag: '--drift-x <x>',
    about: 'How far what is seen moves to the right.',
  },
  driftY: {
    kind: 'number',
    default: 0,
    least: -2,
    most: 2,
    unit: 'heights a second',
    flag: '--drift-y <x>',
    about: 'How far what is seen moves down.',
  },
  palette: {
    kind: 'number',
    default: 0.6,
    least: 0,
    most: 1,
    flag: '--palette <x>',
    about: "How strongly the photograph's brightness, contrast and colours are kept; at 0 a film washes out.",
  },
} as const satisfies OptionTable;

/** What `livedream zoom` takes beside the options of a dream. */
export const ZOOM_OPTIONS = {
  duration: {
    kind: 'number',
    default: 10,
    least: 0,
    above: true,
    most: 100_000,
    unit: 'seconds',
    flag: '--duration <s>',
    about: 'How long the film is.',
  },
  rate: { ...VIDEO_OPTIONS.rate, about: 'How many frames a second it has.' },
  ...MOTION_OPTIONS,
  schedule: {
    kind: 'text',
    default: undefined,
    otherwise: 'the same filter and motion from beginning to end',
    expected: 'the path of a JSON file',
    flag: '--schedule <file>',
    about: 'What changes over time: docs/video.md.',
  },
  codec,
  quality: { ...quality, otherwise: '65' },
  resume,
} as const satisfies OptionTable;

export type Motion = ResolvedOptions<typeof MOTION_OPTIONS>;
export type MotionChange = GivenOptions<typeof MOTION_OPTIONS>;
export type ResolvedZoomOptions = ResolvedOptions<typeof ZOOM_OPTIONS>;
