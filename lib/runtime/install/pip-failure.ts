import type { ErrorCode } from '../../error-codes.js';
import { LiveDreamError } from '../../errors.js';
import { FULL_REPAIR } from '../../files/space.js';
import type { Wheel } from '../wheel.js';

interface Reason {
  /** In what pip printed; its first group is a detail. */
  readonly pattern: RegExp;
  readonly says: string;
  readonly repair: string;
}

const FROM = 'without a network use `npx livedream install --from WHEEL`.';
const NETWORK = `See whether there is a network, and whether it needs a proxy (HTTPS_PROXY) or another index (PIP_INDEX_URL); ${FROM}`;
const PROXY = `HTTPS_PROXY, HTTP_PROXY or pip's own settings name it; ${FROM}`;

/**
 * What pip says where it fails: in the words of Python, urllib3 and OpenSSL. Where it reaches nothing, its last words are only that no
 * version satisfies the requirement. A proxy's failures have others' words in them, so they come first.
 */
const REASONS: readonly Reason[] = [
  { pattern: /No space left on device|Disk quota exceeded/, says: 'the disk is full', repair: FULL_REPAIR },
  {
    pattern: /Tunnel connection failed: ([^'")]+)/,
    says: 'the proxy does not lead to the package index',
    repair: PROXY,
  },
  { pattern: /Cannot connect to proxy/, says: 'the proxy cannot be reached', repair: PROXY },
  {
    pattern: /CERTIFICATE_VERIFY_FAILED\] certificate verify failed: ([^(']+)/,
    says: "the package index's certificate is not trusted",
    repair: `If a proxy looks into connections, name its certificate in PIP_CERT; ${FROM}`,
  },
  {
    pattern: /Name or service not known|name resolution|nodename nor servname|getaddrinfo failed|No address associated/,
    says: "the package index's name cannot be looked up: there is no network, or no such host",
    repair: NETWORK,
  },
  { pattern: /Connection refused/, says: 'the package index refuses the connection', repair: NETWORK },
  {
    pattern: /Network is unreachable|No route to host/,
    says: 'there is no way to the package index',
    repair: NETWORK,
  },
  { pattern: /timed out/i, says: 'nothing came from the package index for too long', repair: NETWORK },
  {
    pattern: /IncompleteRead|Connection (?:broken|aborted|reset)|RemoteDisconnected/,
    says: 'the connection was cut off',
    repair: `Try again; ${FROM}`,
  },
];

const OTHER_HASH = /DO NOT MATCH THE HASHES[\s\S]*Expected sha256 ([0-9a-f]{64})\s+Got\s+([0-9a-f]{64})/;

function failure(code: ErrorCode, message: string, printed: string, repair?: string): LiveDreamError {
  return new LiveDreamError(code, message, { cause: new Error(printed), ...(repair === undefined ? {} : { repair }) });
}

/**
 * ERR_LIVEDREAM_INSTALL_FAILED, or ERR_LIVEDREAM_CHECKSUM where something else came than the pinned wheel.
 * @param printed the end of what pip wrote to stderr
 */
export function pipFailure({ file }: Wheel, printed: string, code: number | null): LiveDreamError {
  const [, expected, got] = OTHER_HASH.exec(printed) ?? [];
  if (got !== undefined) {
    // Older pips take a download that broke off for the whole file.
    const text = `The package index gave another file for ${file}, or its download broke off: it has SHA-256 ${got}, and must have ${expected}.`;
    return failure('ERR_LIVEDREAM_CHECKSUM', text, printed, `Try again; ${FROM}`);
  }
  for (const { pattern, says, repair } of REASONS) {
    const found = pattern.exec(printed);
    if (found === null) continue;
    const detail = found[1] === undefined ? '' : ` (${found[1].trim()})`;
    const text = `pip could not download ${file}: ${says}${detail}.`;
    return failure('ERR_LIVEDREAM_INSTALL_FAILED', text, printed, repair);
  }
  const last = printed.trim().split('\n').filter(Boolean).slice(-3).join(' ');
  const text = `pip could not download ${file}: ${last || `it ended with ${code}`}.`;
  return failure('ERR_LIVEDREAM_INSTALL_FAILED', text, printed);
}
