import type { NativeAddon, NativeDevice } from '../../lib/binding/native.js';

/** An addon that sees these devices. */
export function addonWith(devices: readonly NativeDevice[]): NativeAddon {
  return { devices: async () => [...devices] } as unknown as NativeAddon;
}
