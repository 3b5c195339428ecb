import { createHash, timingSafeEqual } from 'node:crypto';

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether a header `Authorization` holds the token, found in a time that tells nothing of it. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = hash(token);
  return (authorization = '') => {
    const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    // Hashes are of one length, as timingSafeEqual wants them.
    return timingSafeEqual(hash(given ?? ''), expected) && given !== undefined;
  };
}
