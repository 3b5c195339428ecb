import { readFileSync } from 'node:fs';

const flags = (): string => {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
};

/**
 * Whether TensorFlow computes with oneDNN here: by itself it does where the processor has instructions for networks. Without it there are
 * no gradients of dilated and of grouped convolutions.
 */
export const hasOneDnn =
  process.env['TF_ENABLE_ONEDNN_OPTS'] === '1' ||
  (process.env['TF_ENABLE_ONEDNN_OPTS'] === undefined &&
    /\b(avx512_vnni|avx512_bf16|avx_vnni|amx_tile)\b/.test(flags()));
