import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { networkFailed, unreachable } from './failures.js';

const MOST_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: IncomingMessage;
  /** The proxy that it came by, or empty. */
  readonly proxy: string;
  /** What an error is that came while the body was read. */
  readonly failed: (error: unknown) => Error;
}

export interface Get {
  readonly headers: Readonly<Record<string, string>>;
  /** How long nothing may come, in milliseconds. */
  readonly stall: number;
  readonly signal: AbortSignal;
}

/** By the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY give for the address, if any. */
function makeAgent(url: URL, proxy: string): http.Agent | false {
  // Without an agent a connection serves one request: there is no more than one.
  if (proxy === '') return false;
  const { protocol } = new URL(proxy);
  if (!/^https?:$/.test(protocol)) throw new Error(`livedream knows proxies of http: and https: only, not ${protocol}`);
  return url.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy);
}

function single(headers: IncomingMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Ends a request that nothing comes of: while it connects, before its answer, and within that. */
function watch(request: http.ClientRequest, stall: number): void {
  const stop = (): void => {
    const error = Object.assign(new Error(`Nothing came for ${stall} ms.`), { code: 'ETIMEDOUT' });
    request.destroy(error);
    answer?.destroy(error);
  };
  let answer: IncomingMessage | undefined;
  const timer = setTimeout(stop, stall);
  request.once('response', (response) => {
    answer = response;
    timer.refresh();
    // Reading it is the work's; here only the bytes that the socket gets are seen.
    response.socket.on('data', () => timer.refresh());
  });
  request.once('close', () => clearTimeout(timer));
}

async function send(url: URL, { headers, stall, signal }: Get): Promise<Answer> {
  const proxy = getProxyForUrl(url.href);
  const failed = (error: unknown): Error => networkFailed(url, error, proxy);
  try {
    const options: RequestOptions = {
      agent: makeAgent(url, proxy),
      signal,
      headers: { 'user-agent': 'livedream', 'accept-encoding': 'identity', ...headers },
    };
    const request = (url.protocol === 'https:' ? https : http).get(url, options);
    watch(request, stall);
    const body = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // All of them, not only the first: one may follow when it is thrown away.
      request.on('error', reject);
    });
    return { url, status: body.statusCode ?? 0, headers: single(body.headers), body, proxy, failed };
  } catch (error) {
    signal.throwIfAborted();
    throw failed(error);
  }
}

function redirected({ url, status, headers }: Answer): URL | undefined {
  const location = headers['location'];
  if (!REDIRECTS.includes(status) || location === undefined) return undefined;
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next !== undefined && /^https?:$/.test(next.protocol)) return next;
  throw unreachable(url, `it redirects to '${location}'`, { retry: false });
}

async function ask<T>(url: URL, asked: Get, work: (answer: Answer) => Promise<T>): Promise<T> {
  const answer = await send(url, asked);
  // What is not read is thrown away with the connection, without an error that nobody hears.
  answer.body.on('error', () => undefined);
  return work(answer).finally(() => answer.body.destroy());
}

/**
 * GETs an address, through redirects and proxies.
 * @throws LiveDreamError ERR_LIVEDREAM_FETCH_UNREACHABLE
 */
export async function get<T>(start: URL, asked: Get, work: (answer: Answer) => Promise<T>): Promise<T> {
  let url = start;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const result = await ask(url, asked, async (answer) => {
      const next = redirected(answer);
      return next === undefined ? { done: await work(answer) } : { next };
    });
    if (result.next === undefined) return result.done as T;
    url = result.next;
  }
  throw unreachable(start, `it redirects more than ${MOST_REDIRECTS} times`, { retry: false });
}
