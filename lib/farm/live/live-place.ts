import { hostname } from 'node:os';

/** Where a worker listens for live clients. */
export interface LivePlace {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export const LIVE_PATH = '/v1/live';

/** Only this machine reaches it. */
const HERE = '127.0.0.1';
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Of `host:port` or a port alone, as WORK_OPTIONS have checked it. */
export function readLivePlace(text: string): LivePlace {
  const at = text.lastIndexOf(':');
  const host = at < 0 ? HERE : text.slice(0, at).replace(/^\[|\]$/g, '');
  return { host, port: Number(text.slice(at + 1)) };
}

/** As it is told to services: of one that listens everywhere by the machine's name. */
export function liveAddress({ host, port }: LivePlace): string {
  const name = EVERYWHERE.has(host) ? hostname() : host;
  return `ws://${name.includes(':') ? `[${name}]` : name}:${port}${LIVE_PATH}`;
}
