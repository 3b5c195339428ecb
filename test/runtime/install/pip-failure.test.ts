import { describe, expect, test } from 'vitest';
import { pipFailure } from '../../../lib/runtime/install/pip-failure.js';

const SHA256 = 'ab'.repeat(32);
const wheel = { project: 'tensorflow-cpu', version: '2.21.0', file: 'tensorflow_cpu.whl', sha256: SHA256, bytes: 1 };
const none =
  'ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.21.0 (from versions: none)\nERROR: No matching distribution found for tensorflow-cpu==2.21.0';
/** As pip 23 and 25 print it. */
const retrying = (why: string): string =>
  `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by '${why}': /simple/tensorflow-cpu/\n${none}`;
const connection = (why: string): string =>
  retrying(`NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f>: ${why}')`);

describe('what pip says is told as what happened and what to do', () => {
  test.each([
    ['no host', connection('[Errno -2] Name or service not known'), /name cannot be looked up.*HTTPS_PROXY.*--from/],
    ['no resolver', connection('[Errno -3] Temporary failure in name resolution'), /name cannot be looked up/],
    ['nobody there', connection('[Errno 111] Connection refused'), /refuses the connection.*--from/],
    ['no way', connection('[Errno 101] Network is unreachable'), /no way to the package index/],
    ['silence', 'ReadTimeoutError: HTTPConnectionPool(host=): Read timed out.', /nothing came .* for too long/],
    ['cut off', 'ERROR: IncompleteRead(9 bytes read, 1 more expected)', /the connection was cut off\. Try again/],
    [
      'a proxy that is not there',
      retrying("ProxyError('Cannot connect to proxy.', NewConnectionError('[Errno 111] Connection refused'))"),
      /the proxy cannot be reached.*HTTPS_PROXY/,
    ],
    [
      'a proxy that wants a password',
      retrying(
        "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))",
      ),
      /the proxy does not lead to the package index \(407 Proxy Authentication Required\)/,
    ],
    [
      'a proxy that looks into connections',
      retrying(
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)'))",
      ),
      /certificate is not trusted \(self-signed certificate\).*PIP_CERT/,
    ],
    ['a full disk', 'OSError: [Errno 28] No space left on device', /the disk is full\. Make room.*LIVEDREAM_CACHE/],
    ['something else', none, /No matching distribution found for tensorflow-cpu==2\.21\.0/],
    ['nothing', '', /it ended with 1/],
  ])('%s', (_name, printed, says) => {
    const error = pipFailure(wheel, printed, 1);
    expect(error.code).toBe('ERR_LIVEDREAM_INSTALL_FAILED');
    expect(error.message).toMatch(/^pip could not download tensorflow_cpu\.whl: /);
    expect(error.message).toMatch(says);
    expect(error.cause).toMatchObject({ message: printed });
  });

  test('another file', () => {
    const got = 'cd'.repeat(32);
    const printed = `ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    tensorflow-cpu:\n        Expected sha256 ${SHA256}\n             Got        ${got}\n`;
    const error = pipFailure(wheel, printed, 1);
    expect(error.code).toBe('ERR_LIVEDREAM_CHECKSUM');
    expect(error.message).toContain(`has SHA-256 ${got}, and must have ${SHA256}. Try again`);
  });
});
