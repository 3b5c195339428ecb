import path from 'node:path';
import packageRoot from '#package-root';
import { findRuntime } from '../../lib/runtime/find/find.js';
import { readInstalled } from '../../lib/runtime/find/installed.js';
import { currentPlatform, type Platform, TENSORFLOW_VERSION } from '../../lib/runtime/platforms.js';

/** Where tests look for the CUDA build beside the user's own: `LIVEDREAM_CACHE=.cache/cuda npx livedream install --gpu`. */
const CACHE = path.join(packageRoot, '.cache/cuda/runtime');

async function find(): Promise<string | undefined> {
  const found = await findRuntime().catch(() => undefined);
  if (found?.variant === 'gpu') return path.dirname(found.library);
  const platform = currentPlatform() as Platform;
  const folder = path.join(CACHE, `tensorflow-${TENSORFLOW_VERSION}-gpu-${platform.key}`);
  const kept = await readInstalled(folder, platform);
  return kept && path.dirname(kept.library);
}

/** The folder of TensorFlow's CUDA build, for LIVEDREAM_TENSORFLOW, where it is here; it loads without a GPU. */
export const cudaBuild = await find();
