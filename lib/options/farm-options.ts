import type { GivenOptions, OptionTable, ResolvedOptions } from './description.js';

/** Where a farm is: what its workers and those who put jobs in must say alike. */
export const FARM_OPTIONS = {
  queue: {
    kind: 'text',
    default: undefined,
    otherwise: 'LIVEDREAM_QUEUE in the environment, or else `redis://127.0.0.1:6379`',
    pattern: /^rediss?:\/\/[^\s]{1,1000}$/,
    expected: 'an address such as redis://127.0.0.1:6379, or rediss://user:password@host:6380/0 for TLS',
    flag: '--queue <url>',
    about:
      'The Redis or Valkey that holds the jobs. On a command line other users of the machine can read its password.',
  },
  store: {
    kind: 'text',
    default: undefined,
    otherwise: 'LIVEDREAM_STORE in the environment',
    pattern: /^[^\0]{1,1000}$/,
    expected: 'a folder, or s3://bucket/prefix',
    flag: '--store <place>',
    about:
      'Where pictures, films and results lie, for all machines alike: a shared folder, or `s3://bucket/prefix?region=eu-west-1`, with `&endpoint=https://...` for servers other than Amazon.',
  },
  namespace: {
    kind: 'text',
    default: 'livedream',
    pattern: /^[\w-]{1,64}$/,
    expected: '1 to 64 letters, digits, - and _',
    flag: '--namespace <name>',
    about: 'What its keys in Redis begin with: several farms can share one server.',
  },
} as const satisfies OptionTable;

/** What a job is queued with. */
export const JOB_OPTIONS = {
  priority: {
    kind: 'integer',
    default: 100,
    least: 1,
    most: 2_000_000,
    flag: '--priority <n>',
    about: 'Whose turn is first: the smaller, the sooner. `serve` puts its dreams in with 10.',
  },
  attempts: {
    kind: 'integer',
    default: 5,
    least: 1,
    most: 100,
    flag: '--attempts <n>',
    about:
      'How often a job is tried where what failed may go well another time. What is wrong with a picture is never tried again.',
  },
  backoff: {
    kind: 'number',
    default: 1,
    least: 0,
    most: 3600,
    unit: 'seconds',
    flag: '--backoff <s>',
    about: 'How long it waits before the second attempt; before each further one twice as long, up to five minutes.',
  },
} as const satisfies OptionTable;

/** What a film is queued with, too. */
export const FILM_JOB_OPTIONS = {
  segment: {
    kind: 'integer',
    default: 48,
    least: 2,
    most: 100_000,
    unit: 'frames',
    flag: '--segment <n>',
    about:
      'How many frames a job dreams at most; a scene that is longer is handed on from job to job, with its last dream.',
  },
} as const satisfies OptionTable;

/** What a worker takes. */
export const WORK_OPTIONS = {
  concurrency: {
    kind: 'integer',
    default: undefined,
    least: 1,
    most: 64,
    otherwise: 'as many as fit into half of the free memory, and 2 at most: one is read while one is dreamed',
    flag: '--concurrency <n>',
    about: 'How many jobs a worker has at a time.',
  },
  rateLimit: {
    kind: 'number',
    default: undefined,
    least: 0,
    above: true,
    most: 100_000,
    unit: 'a second',
    otherwise: 'no limit',
    flag: '--rate-limit <n>',
    about: 'How many jobs all workers of the farm begin in a second, together; say the same to every worker.',
  },
  pixelLimit: {
    kind: 'integer',
    default: 2 ** 26,
    least: 64,
    most: 2 ** 30,
    unit: 'pixels',
    flag: '--pixel-limit <n>',
    about: 'How many pixels a picture may have; larger ones end in the failed set.',
  },
  lockTime: {
    kind: 'number',
    default: 15,
    least: 1,
    most: 3600,
    unit: 'seconds',
    flag: '--lock-time <s>',
    about: 'After how long without a sign of life a worker counts as dead, and its job is done again.',
  },
  deaths: {
    kind: 'integer',
    default: 5,
    least: 0,
    most: 1000,
    flag: '--deaths <n>',
    about: 'How many workers may die at one job before it is failed for good.',
  },
  live: {
    kind: 'text',
    default: undefined,
    otherwise: 'no live clients',
    pattern: /^((\[[0-9a-fA-F:.]{2,45}\]|[\w.-]{1,253}):)?\d{1,5}$/,
    expected:
      "a port of this machine alone, such as '7070', or an address and a port, such as 'gpu-3:7070' or '[::1]:7070'",
    flag: '--live <host:port>',
    about:
      'Listen here for live clients whom `serve --queue` sends on, with the token of LIVEDREAM_TOKEN: say the address by which services reach it. Port 0 takes a free one; of several workers each has the next port.',
  },
} as const satisfies OptionTable;

/** What `livedream farm work` takes beside these and the options of `Dreamer.load`. */
export const WORK_COMMAND_OPTIONS = {
  workers: {
    kind: 'integer',
    default: undefined,
    least: 1,
    most: 256,
    otherwise: 'one a device that `--device` names',
    flag: '--workers <n>',
    about: 'How many processes work here; one that dies is started again.',
  },
  grace: {
    kind: 'number',
    default: 30,
    least: 0,
    most: 86_400,
    unit: 'seconds',
    flag: '--grace <s>',
    about: 'How long a stop waits for jobs under way before it gives them back, for others to do.',
  },
} as const satisfies OptionTable;

/** What is cleaned away. */
export const CLEAN_OPTIONS = {
  olderThan: {
    kind: 'number',
    default: 604_800,
    least: 3600,
    most: 1e9,
    unit: 'seconds',
    about:
      'How long ago it was written, or put in again. Never less than an hour: what is younger may be of a job that is just put in.',
  },
  dryRun: {
    kind: 'boolean',
    default: false,
    flag: '--dry-run',
    about: 'Remove nothing, and say how much it would be.',
  },
} as const satisfies OptionTable;

/** How `livedream farm clean` says it. */
export const CLEAN_COMMAND_OPTIONS = {
  older: {
    kind: 'text',
    default: '7d',
    pattern: /^[1-9]\d{0,3}[hd]$/,
    expected: 'hours or days, such as 12h or 7d',
    flag: '--older <time>',
    about: '`olderThan`, on a command line.',
  },
} as const satisfies OptionTable;

export type FarmPlace = GivenOptions<typeof FARM_OPTIONS>;
export type ResolvedFarmPlace = ResolvedOptions<typeof FARM_OPTIONS>;
export type JobOptions = GivenOptions<typeof JOB_OPTIONS>;
export type ResolvedJobOptions = ResolvedOptions<typeof JOB_OPTIONS>;
export type WorkOptions = GivenOptions<typeof WORK_OPTIONS>;
export type ResolvedWorkOptions = ResolvedOptions<typeof WORK_OPTIONS>;
export type CleanOptions = GivenOptions<typeof CLEAN_OPTIONS>;
