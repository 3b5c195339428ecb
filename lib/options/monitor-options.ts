import type { GivenOptions, OptionTable } from './description.js';
import { SERVE_OPTIONS, SERVICE_OPTIONS } from './serve-options.js';

/** What `livedream farm monitor` takes beside where the farm is. */
export const MONITOR_OPTIONS = {
  host: SERVE_OPTIONS.host,
  port: { ...SERVE_OPTIONS.port, default: 9090 },
  token: {
    ...SERVICE_OPTIONS.token,
    otherwise:
      'LIVEDREAM_TOKEN in the environment; without it everyone who reaches the port may look, and use the board',
    about:
      'What `Authorization: Bearer` must say, or the password of whatever user a browser is asked for. On a command line other users of the machine can read it.',
  },
  board: {
    kind: 'boolean',
    default: false,
    flag: '--board',
    about:
      'Show Bull Board at `/board`, where jobs can be looked at, tried again and removed. Needs the packages @bull-board/api and @bull-board/fastify.',
  },
} as const satisfies OptionTable;

export type MonitorOptions = GivenOptions<typeof MONITOR_OPTIONS>;
