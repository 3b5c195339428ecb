import type { NativeAddon, NativeDevice } from '../../lib/binding/native.js';

/** An addon that sees these devices, on a processor with or without a unit for bfloat16. */
export function addonWith(
  devices: readonly NativeDevice[],
  unit: ReturnType<NativeAddon['bfloat16Unit']> = 'none',
): NativeAddon {
  return { devices: async () => [...devices], bfloat16Unit: () => unit } as unknown as NativeAddon;
}
