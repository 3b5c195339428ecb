import type { GivenOptions, OptionTable, ResolvedOptions } from './description.js';
import { DREAM_OPTIONS } from './dream-options.js';
import { STREAM_OPTIONS } from './stream-options.js';

/** What `livedream video` takes of a film, and how it is written. */
export const VIDEO_OPTIONS = {
  start: {
    kind: 'number',
    default: undefined,
    otherwise: 'the beginning',
    least: 0,
    most: 1_000_000,
    unit: 'seconds',
    flag: '--start <s>',
    about: 'Where in the film to begin.',
  },
  duration: {
    kind: 'number',
    default: undefined,
    otherwise: 'to the end; 3 with `preview`',
    least: 0,
    above: true,
    most: 1_000_000,
    unit: 'seconds',
    flag: '--duration <s>',
    about: 'How much of the film to dream.',
  },
  codec: {
    kind: 'text',
    default: undefined,
    otherwise: "by the file's extension",
    pattern: /^[\w-]{1,40}$/,
    expected: "h264, hevc, av1, vp9, prores, ffv1, or another encoder that 'ffmpeg -encoders' lists",
    flag: '--codec <name>',
    about: 'How the film is encoded.',
  },
  quality: {
    kind: 'integer',
    default: undefined,
    otherwise: '65; 92 of pictures',
    least: 1,
    most: 100,
    flag: '--quality <n>',
    about: 'How well encoders keep the frames; those that lose nothing do not ask.',
  },
  rate: {
    kind: 'number',
    default: 25,
    least: 0,
    above: true,
    most: 240,
    unit: 'frames/s',
    flag: '--rate <x>',
    about: 'How fast pictures are shown that become a film; a film keeps its own times.',
  },
  preview: {
    kind: 'boolean',
    default: false,
    flag: '--preview',
    about: 'A small fast one: 3 seconds, 320 pixels, 2 octaves of 2 steps, as far as nothing else is asked for.',
  },
  resume: {
    kind: 'boolean',
    default: false,
    flag: '--resume',
    about: 'Go on where an earlier run was interrupted: its finished frames are not dreamed again.',
  },
} as const satisfies OptionTable;

/** Which frame of an animated picture, floats and textures are not a film's; its blend is that of a stream. */
const { page: _page, depth: _depth, blend: _blend, tileable: _tileable, ...dreams } = DREAM_OPTIONS;

/** Options of a dream that hold for every frame. */
export const VIDEO_DREAM_OPTIONS = dreams;

/** Nobody waits for a film, so that nothing of it is dropped or dreamed in haste. */
const { dropLate: _late, targetFps: _fps, preset: _preset, ...stream } = STREAM_OPTIONS;

/** How the frames of a film hang together. */
export const VIDEO_STREAM_OPTIONS = stream;

export type VideoStreamOptions = GivenOptions<typeof VIDEO_STREAM_OPTIONS>;
export type VideoOptions = GivenOptions<typeof VIDEO_OPTIONS>;
export type ResolvedVideoOptions = ResolvedOptions<typeof VIDEO_OPTIONS>;
export type VideoDreamOptions = GivenOptions<typeof VIDEO_DREAM_OPTIONS>;
