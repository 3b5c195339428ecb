import type { GivenOptions, OptionTable, ResolvedOptions } from './description.js';
import { LIVE_LIMITS } from './live-limits.js';

const MIB = 2 ** 20;

/** What the plugin `livedream/fastify` takes beside its Dreamer; `livedream serve` has the same as flags. */
export const SERVICE_OPTIONS = {
  token: {
    kind: 'text',
    default: undefined,
    otherwise:
      'LIVEDREAM_TOKEN in the environment of `livedream serve`; without it everyone may dream who reaches the port',
    pattern: /^[\w.~+/=-]{16,1024}$/,
    expected: 'a string of 16 to 1024 letters, digits and -._~+/=',
    flag: '--token <secret>',
    about:
      'What clients must send as `Authorization: Bearer`. On a command line other users of the machine can read it.',
  },
  page: {
    kind: 'boolean',
    default: true,
    flag: '--no-page',
    about: 'Show a page at `/`, for cameras and pictures. It asks for the token where there is one.',
  },
  bodyLimit: {
    kind: 'integer',
    default: 16 * MIB,
    least: 1024,
    most: 512 * MIB,
    unit: 'bytes',
    flag: '--body-limit <bytes>',
    about: 'How large the body of a request may be; base64 takes a third more than its picture.',
  },
  pixelLimit: {
    kind: 'integer',
    default: 4 * MIB,
    least: 64,
    most: 2 ** 30,
    unit: 'pixels',
    flag: '--pixel-limit <n>',
    about: 'How many pixels a picture may have, as it comes and as it is dreamed. Counted before any is decoded.',
  },
  octaveLimit: {
    kind: 'integer',
    default: 10,
    least: 1,
    most: 20,
    flag: '--octave-limit <n>',
    about: 'How many octaves a request may ask for.',
  },
  iterationLimit: {
    kind: 'integer',
    default: 100,
    least: 1,
    most: 10_000,
    flag: '--iteration-limit <n>',
    about: 'How many iterations a request may ask for in an octave.',
  },
  timeLimit: {
    kind: 'number',
    default: 120,
    least: 0,
    above: true,
    most: 86_400,
    unit: 'seconds',
    flag: '--time-limit <s>',
    about: 'How long a dream may take, with its wait in the queue; then it is cancelled.',
  },
  previewRate: {
    kind: 'number',
    default: 2,
    least: 0,
    most: 20,
    unit: 'a second',
    flag: '--preview-rate <n>',
    about: 'How many previews a client gets of its dream, where it asks for events; 0 for none.',
  },
  heartbeat: {
    kind: 'number',
    default: 15,
    least: 0,
    above: true,
    most: 3600,
    unit: 'seconds',
    flag: '--heartbeat <s>',
    about: 'How often a client that waits for events hears that its connection lives.',
  },
  answerTimeout: {
    kind: 'number',
    default: 30,
    least: 0,
    above: true,
    most: 3600,
    unit: 'seconds',
    flag: '--answer-timeout <s>',
    about: 'How long a client may leave its answer unread; then the connection is closed.',
  },
  openMetrics: {
    kind: 'boolean',
    default: false,
    flag: '--open-metrics',
    about: 'Give metrics to everyone who reaches the port, also where dreams want a token.',
  },
  waitLimit: {
    kind: 'integer',
    default: 64,
    least: 0,
    most: 100_000,
    flag: '--wait-limit <n>',
    about:
      'How many dreams may wait for their turn; a request more is told to come again. On a farm so many for each of its workers.',
  },
  ...LIVE_LIMITS,
} as const satisfies OptionTable;

/** How `livedream serve` bounds connections: what a service of somebody's own says to Fastify. */
const SERVER_LIMITS = {
  connectionLimit: {
    kind: 'integer',
    default: 512,
    least: 1,
    most: 65_535,
    flag: '--connection-limit <n>',
    about: 'How many connections there may be at a time; one more is closed at once.',
  },
  headerTimeout: {
    kind: 'number',
    default: 10,
    least: 0,
    above: true,
    most: 3600,
    unit: 'seconds',
    flag: '--header-timeout <s>',
    about: "How long a request's headers may take to come.",
  },
  requestTimeout: {
    kind: 'number',
    default: 60,
    least: 0,
    above: true,
    most: 3600,
    unit: 'seconds',
    flag: '--request-timeout <s>',
    about: 'How long a whole request may take to come, with its picture.',
  },
  keepAlive: {
    kind: 'number',
    default: 10,
    least: 0,
    above: true,
    most: 3600,
    unit: 'seconds',
    flag: '--keep-alive <s>',
    about: 'How long a connection without requests stays open.',
  },
} as const satisfies OptionTable;

/** What `livedream serve` takes beside these and the options of `Dreamer.load`. */
export const SERVE_OPTIONS = {
  host: {
    kind: 'text',
    default: '127.0.0.1',
    pattern: /^[\w.:-]{1,253}$/,
    expected: "an address or name of this machine, such as '127.0.0.1', '::1' or '0.0.0.0'",
    flag: '--host <address>',
    about: 'Where to listen; by default only this machine reaches it.',
  },
  port: {
    kind: 'integer',
    default: 8080,
    least: 0,
    most: 65_535,
    flag: '--port <n>',
    about: 'The port; 0 takes a free one.',
  },
  farm: {
    kind: 'boolean',
    default: false,
    flag: '--farm',
    about:
      'Have the workers of a farm dream, of that at LIVEDREAM_QUEUE where `--queue`, which says so too, does not name another. Nothing is loaded here.',
  },
  ...SERVER_LIMITS,
  logLevel: {
    kind: 'choice',
    default: 'info',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    flag: '--log-level <level>',
    about: 'What is logged, as lines of JSON on standard output.',
  },
  xlaChoice: {
    kind: 'boolean',
    default: true,
    flag: '--no-xla-choice',
    about:
      'Let clients choose whether to dream with XLA, as the page does to compare. The first who does has the model loaded once more.',
  },
  grace: {
    kind: 'number',
    default: 10,
    least: 0,
    most: 3600,
    unit: 'seconds',
    flag: '--grace <s>',
    about: 'How long a stop waits for dreams under way before it cancels them.',
  },
} as const satisfies OptionTable;

export type ServerLimits = ResolvedOptions<typeof SERVER_LIMITS>;
export type ServiceLimits = ResolvedOptions<typeof SERVICE_OPTIONS>;
export type GivenServiceOptions = GivenOptions<typeof SERVICE_OPTIONS>;
