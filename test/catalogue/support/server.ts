import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Served {
  readonly origin: string;
  readonly server: Server;
  readonly seen: Seen[];
  /** Bytes of bodies that were handed to clients. */
  sent: number;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, served: Served) => void;

const running: Server[] = [];

/** A server on this machine that writes down what it is asked for; closed after the test. */
export async function serve(handler: Handler): Promise<Served> {
  const server = createServer((request, response) => {
    served.seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    handler(request, response, served);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push(server);
  const served: Served = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    seen: [],
    sent: 0,
  };
  return served;
}

afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export interface Giving {
  /** A server without parts answers 200 to every request. */
  readonly ranges?: boolean;
  readonly etag?: string;
  /** Of the first requests, after how many bytes the connection is cut off; later ones get all. */
  readonly cuts?: readonly number[];
  /** Stops there without closing, in every request. */
  readonly stallAfter?: number;
  /** Bytes a tenth of a second. */
  readonly slowly?: number;
}

function write(response: ServerResponse, body: Buffer, served: Served, done: () => void): void {
  served.sent += body.length;
  if (body.length === 0) done();
  else response.write(body, done);
}

function trickle(response: ServerResponse, body: Buffer, rate: number, served: Served): void {
  let at = 0;
  const timer = setInterval(() => {
    const part = body.subarray(at, at + rate);
    at += part.length;
    served.sent += part.length;
    response.write(part);
    if (at === body.length) response.end();
  }, 100);
  response.once('close', () => clearInterval(timer));
}

/** Gives a file as web servers do: by parts, with an ETag. */
export function gives(
  file: Buffer,
  { ranges = true, etag = '"one"', cuts = [], stallAfter, slowly }: Giving = {},
): Handler {
  let requests = 0;
  return ({ headers }, response, served) => {
    const cut = cuts[requests];
    requests += 1;
    const asked = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const same = headers['if-range'] === undefined || headers['if-range'] === etag;
    const start = ranges && same ? asked : 0;
    if (start >= file.length) return response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    const body = file.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(etag === '' ? {} : { etag }),
      ...(start > 0 ? { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` } : {}),
    });
    if (slowly !== undefined) return trickle(response, body, slowly, served);
    if (stallAfter !== undefined) return write(response, body.subarray(0, stallAfter), served, () => undefined);
    if (cut === undefined) return write(response, body, served, () => response.end());
    write(response, body.subarray(0, cut), served, () => setTimeout(() => response.destroy(), 50));
  };
}

export function answers(status: number, headers: Record<string, string> = {}, body = ''): Handler {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

/** One handler a request; the last one for all that follow. */
export function inTurn(...handlers: readonly Handler[]): Handler {
  let requests = 0;
  return (request, response, served) => {
    const handler = handlers[Math.min(requests, handlers.length - 1)];
    requests += 1;
    handler?.(request, response, served);
  };
}
