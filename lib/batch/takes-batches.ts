import type { NativeInput } from '../binding/native.js';

/** Whether the network takes pictures side by side: one that declares how many it takes does not. */
export function takesBatches({ shape }: Pick<NativeInput, 'shape'>): boolean {
  return shape === undefined || shape.startsWith('[?');
}
