import type { Readable } from 'node:stream';
import { getProxyForUrl } from 'proxy-from-env';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import { networkFailed, unreachable } from './failures.js';
import type { Limits } from './limits.js';

const MOST_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

export interface Get {
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** By the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY give for the address, if any. */
function makeDispatcher(proxy: string, url: URL, { connect, stall }: Limits): Dispatcher {
  const timeouts = { headersTimeout: stall, bodyTimeout: stall };
  if (proxy === '') return new Agent({ ...timeouts, connect: { timeout: connect } });
  const tls = { timeout: connect };
  // Many proxies open tunnels for https only, and forward what is plain.
  return new ProxyAgent({
    ...timeouts,
    uri: proxy,
    proxyTunnel: url.protocol === 'https:',
    proxyTls: tls as ProxyAgent.Options['proxyTls'],
    requestTls: tls as ProxyAgent.Options['requestTls'],
  } as ProxyAgent.Options);
}

function single(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

function redirected(url: URL, { status, headers }: Answer): URL | undefined {
  const location = headers['location'];
  if (!REDIRECTS.includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, url.href)) throw unreachable(url, `it redirects to '${location}'`, { retry: false });
  const next = new URL(location, url);
  if (/^https?:$/.test(next.protocol)) return next;
  throw unreachable(url, `it redirects to '${location}'`, { retry: false });
}

interface Way {
  /** The proxy's address, or empty. */
  readonly proxy: string;
  readonly dispatcher: Dispatcher;
}

function findWay(url: URL, limits: Limits): Way {
  const proxy = getProxyForUrl(url.href);
  try {
    return { proxy, dispatcher: makeDispatcher(proxy, url, limits) };
  } catch (error) {
    throw networkFailed(url, error, proxy);
  }
}

async function send(url: URL, { headers, signal }: Get, { proxy, dispatcher }: Way): Promise<Answer> {
  const { protocol, host, pathname, search } = url;
  const all = { 'user-agent': 'livedream', 'accept-encoding': 'identity', ...authorization(url), ...headers };
  try {
    const got = await request(`${protocol}//${host}${pathname}${search}`, { dispatcher, signal, headers: all });
    return { status: got.statusCode, headers: single(got.headers), body: got.body };
  } catch (error) {
    signal.throwIfAborted();
    throw networkFailed(url, error, proxy);
  }
}

/** One request; its work sees either the answer or a failure of the network. */
async function ask<T>(url: URL, asked: Get, work: (answer: Answer) => Promise<T>): Promise<T> {
  const way = findWay(url, asked.limits);
  try {
    const answer = await send(url, asked, way);
    // What is not read is thrown away with the connection, without an error that nobody hears.
    answer.body.on('error', () => undefined);
    return await work(answer).finally(() => answer.body.destroy());
  } finally {
    await way.dispatcher.destroy().catch(() => undefined);
  }
}

/** What an error is that came while an answer's body was read. */
export function bodyFailed(url: URL, error: unknown): Error {
  return networkFailed(url, error, getProxyForUrl(url.href));
}

/**
 * GETs an address, through redirects and proxies.
 * @throws LiveDreamError ERR_LIVEDREAM_FETCH_UNREACHABLE
 */
export async function get<T>(start: URL, asked: Get, work: (answer: Answer, url: URL) => Promise<T>): Promise<T> {
  let url = start;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const from = url;
    const result = await ask(from, asked, async (answer) => {
      const next = redirected(from, answer);
      return next === undefined ? { done: await work(answer, from) } : { next };
    });
    if (result.next === undefined) return result.done as T;
    url = result.next;
  }
  throw unreachable(start, `it redirects more than ${MOST_REDIRECTS} times`, { retry: false });
}
