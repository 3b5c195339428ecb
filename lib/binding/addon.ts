import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { familySync } from 'detect-libc';
import nodeGypBuild from 'node-gyp-build';
import packageRoot from '#package-root';
import { LiveDreamError } from '../errors.js';
import type { NativeAddon } from './native.js';

let loaded: NativeAddon | undefined;

function prebuildsThere(): string {
  const folder = path.join(packageRoot, 'prebuilds');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.length === 0 ? 'none' : names.join(', ');
}

function missing(cause: unknown): LiveDreamError {
  const libc = process.platform === 'linux' ? ` with ${familySync() ?? 'an unknown libc'}` : '';
  return new LiveDreamError(
    'ERR_LIVEDREAM_ADDON_MISSING',
    `There is no native addon for ${process.platform} ${process.arch}${libc} and Node ${process.version}: neither 'build/Release/livedream.node' nor a prebuilt one in '${packageRoot}' (prebuilds there: ${prebuildsThere()}) could be loaded.`,
    { cause },
  );
}

/** The path of the addon that `loadAddon` would load, or undefined. */
export function addonPath(): string | undefined {
  try {
    return nodeGypBuild.path(packageRoot);
  } catch {
    return undefined;
  }
}

/** The native addon, loaded on first use. Throws ERR_LIVEDREAM_ADDON_MISSING. */
export function loadAddon(): NativeAddon {
  try {
    loaded ??= nodeGypBuild(packageRoot) as NativeAddon;
  } catch (error) {
    throw missing(error);
  }
  return loaded;
}
