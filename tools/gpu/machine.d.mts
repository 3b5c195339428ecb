export function whyNoGpu(
  devices?: readonly string[],
  process?: { readonly platform: string; readonly arch: string },
): string | undefined;
export function gpus(): string[];
