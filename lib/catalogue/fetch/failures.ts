import { STATUS_CODES } from 'node:http';
import { LiveDreamError } from '../../errors.js';
import { isUnwritable, mebibytes } from '../../files/space.js';

const ELSEWHERE = 'Fetch from elsewhere with `--mirror URL`, or give a file that you have with `--from FILE`.';
const CERTIFICATE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/;
/** What stays so. */
const LASTING = /^(ENOTFOUND|ERR_INVALID_URL|ERR_INVALID_ARG_\w+)$/;
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name, or no network',
  EAI_AGAIN: 'its name cannot be looked up now; is there a network?',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
  ENETUNREACH: 'there is no way to its network',
  EHOSTUNREACH: 'there is no way to it',
  ETIMEDOUT: 'nothing came for too long',
};

/** An address as it may be shown: without its password. */
export function shownUrl(url: URL | string): string {
  if (!URL.canParse(String(url))) return String(url);
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

/** A failure that may pass, so that another try is worth it. */
const passing = new WeakSet<Error>();

export function mayPass(error: unknown): boolean {
  return error instanceof Error && passing.has(error);
}

function byProxy(proxy: string): string {
  return proxy === '' ? '' : ` by the proxy '${shownUrl(proxy)}'`;
}

interface How {
  readonly cause?: unknown;
  /** Whether another try is worth it; default true. */
  readonly retry?: boolean;
  /** The address of the proxy that was asked, if any. */
  readonly proxy?: string;
}

/** ERR_LIVEDREAM_FETCH_UNREACHABLE, for the network's own failures, and for a server that has trouble. */
export function unreachable(url: URL, reason: string, { cause, retry = true, proxy = '' }: How = {}): LiveDreamError {
  const text = `'${shownUrl(url)}' cannot be fetched${byProxy(proxy)}: ${reason.replace(/\.$/, '')}.`;
  const error = new LiveDreamError('ERR_LIVEDREAM_FETCH_UNREACHABLE', text, { cause });
  if (retry) passing.add(error);
  return error;
}

/** What the network's library threw. `proxy` is the address of the one that was asked, if any. */
export function networkFailed(url: URL, error: unknown, proxy: string): LiveDreamError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const retry = !LASTING.test(code);
  const how = { cause: error, retry, proxy };
  if (CERTIFICATE.test(code)) {
    const hint = 'if a proxy looks into connections, name its certificate in NODE_EXTRA_CA_CERTS';
    return unreachable(url, `${message} (${code}); ${hint}`, { ...how, retry: false });
  }
  const known = REASONS[code];
  return unreachable(url, known === undefined ? message || code : `${known} (${code})`, how);
}

/** A status that is neither 200 nor 206; it may be the proxy's own. */
export function statusFailed(url: URL, status: number, proxy: string): LiveDreamError {
  const name = STATUS_CODES[status] ?? '';
  const said = `the server${proxy === '' ? '' : ' or the proxy'} answers ${`${status} ${name}`.trim()}`;
  if (status >= 500 || status === 408 || status === 425 || status === 429) return unreachable(url, said, { proxy });
  const text = `'${shownUrl(url)}' cannot be fetched${byProxy(proxy)}: ${said}.`;
  return new LiveDreamError('ERR_LIVEDREAM_FETCH_REFUSED', text);
}

/** Something else lies there than what is pinned. */
export function otherFile(url: URL, found: string, expected: string): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `'${shownUrl(url)}' is another file: it has ${found}, not ${expected}.`,
    {
      repair: ELSEWHERE,
    },
  );
}

/** ERR_LIVEDREAM_CACHE_UNWRITABLE */
export function unkept(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_CACHE_UNWRITABLE', message, { cause });
}

/** The same for what was found before anything was done, and whose message says what to do. */
export function unkeepable(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_CACHE_UNWRITABLE', message, { cause, repair: 'Nothing was changed.' });
}

/** Any error, as a user gets it: the file system's by its name. */
export function asFailure(name: string, error: unknown): unknown {
  if (error instanceof LiveDreamError || error instanceof TypeError || error instanceof RangeError) return error;
  const { message } = error as Error;
  if (isUnwritable(error)) return unkept(`The model '${name}' cannot be kept: ${message}.`, error);
  return new LiveDreamError('ERR_LIVEDREAM_INTERNAL', `Fetching the model '${name}' failed: ${message}.`, {
    cause: error,
  });
}

export function endedEarly(url: URL, have: number, bytes: number): LiveDreamError {
  return unreachable(url, `it ended after ${mebibytes(have)} of ${mebibytes(bytes)}`);
}
