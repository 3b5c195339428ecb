import { createHash } from 'node:crypto';
import { type Frame, pixelName } from '../frame.js';

/** Of so many bytes: enough that no two frames of one film have the same by chance. */
const HASH_BYTES = 16;

/** What a frame's pixels hash to, whenever it is shown. */
export function frameHash(frame: Frame): string {
  const shape = `${frame.width} ${frame.height} ${pixelName(frame)}\n`;
  return createHash('sha256').update(shape).update(frame.data).digest().subarray(0, HASH_BYTES).toString('base64url');
}
