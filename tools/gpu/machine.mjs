// What this machine has of NVIDIA's, found without TensorFlow and at once.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** Why there can be no GPU here; undefined where there may be one. */
export function whyNoGpu(devices = readdirSync('/dev'), { platform, arch } = process) {
  if (platform !== 'linux' || arch !== 'x64')
    return `TensorFlow's CUDA build is only for Linux on x64, and this is ${platform} on ${arch}`;
  if (devices.some((name) => /^(nvidia\d+|dxg)$/.test(name))) return undefined;
  return 'there is no NVIDIA device (/dev has neither nvidia0 nor dxg)';
}

const QUERY = ['name', 'compute_cap', 'memory.total', 'driver_version', 'clocks.max.sm', 'power.limit'];

/** A line for each GPU, by nvidia-smi; empty where that is not there. */
export function gpus() {
  const { stdout, status } = spawnSync('nvidia-smi', [`--query-gpu=${QUERY.join()}`, '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim().split('\n').filter(Boolean) : [];
}
