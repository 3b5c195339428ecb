import { createHash, timingSafeEqual } from 'node:crypto';

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether a secret is the token, found in a time that tells nothing of it. */
export function secretCheck(token: string): (given: string) => boolean {
  const expected = hash(token);
  // Hashes are of one length, as timingSafeEqual wants them.
  return (given) => timingSafeEqual(hash(given), expected);
}

/** Whether a header `Authorization` holds the token. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const matches = secretCheck(token);
  return (authorization = '') => {
    const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return matches(given ?? '') && given !== undefined;
  };
}
