import type { OptionTable } from './description.js';

const KIB = 2 ** 10;

/** What bounds the live socket of the service: a part of SERVICE_OPTIONS. */
export const LIVE_LIMITS = {
  origins: {
    kind: 'text',
    default: undefined,
    otherwise: 'pages of the host itself',
    pattern: /^https?:\/\/[\w.:[\]-]+(,https?:\/\/[\w.:[\]-]+)*$/,
    expected: "origins with commas between, such as 'https://camera.example'",
    list: true,
    flag: '--origins <url,...>',
    about: 'Pages of which other origins may open the live socket. CORS stays closed to them.',
  },
  liveLimit: {
    kind: 'integer',
    default: 8,
    least: 0,
    most: 1000,
    flag: '--live-limit <n>',
    about:
      'How many live clients there may be at a time; each takes a place in the queue. 0 lets in none. On a farm so many for each of its workers that take any.',
  },
  liveSize: {
    kind: 'integer',
    default: 480,
    least: 64,
    most: 2048,
    unit: 'pixels',
    flag: '--live-size <n>',
    about: 'The longest side of live frames; larger ones are made smaller.',
  },
  liveFrameLimit: {
    kind: 'integer',
    default: 1024 * KIB,
    least: KIB,
    most: 64 * KIB * KIB,
    unit: 'bytes',
    flag: '--live-frame-limit <bytes>',
    about: 'How large a live frame may be as it comes.',
  },
  liveMessages: {
    kind: 'integer',
    default: 120,
    least: 1,
    most: 10_000,
    unit: 'a second',
    flag: '--live-messages <n>',
    about: 'How many messages a live client may send; one that sends more is shut out.',
  },
  liveBytes: {
    kind: 'integer',
    default: 16 * KIB * KIB,
    least: KIB,
    most: 1024 * KIB * KIB,
    unit: 'bytes a second',
    flag: '--live-bytes <n>',
    about: 'How many bytes a live client may send; one that sends more is shut out.',
  },
  liveIdle: {
    kind: 'number',
    default: 120,
    least: 0,
    above: true,
    most: 86_400,
    unit: 'seconds',
    flag: '--live-idle <s>',
    about: 'How long a live client may be silent. Its `ping` counts as a word.',
  },
  livePing: {
    kind: 'number',
    default: 15,
    least: 0,
    above: true,
    most: 3600,
    unit: 'seconds',
    flag: '--live-ping <s>',
    about: 'How often a live client is asked whether it is still there, and how long it may take to answer.',
  },
} as const satisfies OptionTable;
