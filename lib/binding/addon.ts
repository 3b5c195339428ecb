import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { familySync } from 'detect-libc';
import nodeGypBuild from 'node-gyp-build';
import packageRoot from '#package-root';
import { LiveDreamError } from '../errors.js';
import { PLATFORMS, platformKey } from '../runtime/platforms.js';
import type { NativeAddon } from './native.js';

let loaded: NativeAddon | undefined;

function prebuildsThere(): string {
  const folder = path.join(packageRoot, 'prebuilds');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.length === 0 ? 'none' : names.join(', ');
}

/** The one thing to do: where TensorFlow is published for this platform the addon can be built, elsewhere neither helps. */
function repair(): { readonly repair?: string } {
  const keys = PLATFORMS.map(({ key }) => key);
  if (keys.includes(platformKey())) return {};
  if (keys.includes(platformKey().replace('-musl', '')))
    return {
      repair:
        'TensorFlow is not published for musl: use a Linux with glibc, such as the image node:22-slim in the place of node:22-alpine.',
    };
  const windows = process.platform === 'win32' ? ', such as Linux in WSL 2' : '';
  return { repair: `TensorFlow is published for ${keys.join(', ')} alone: use one of these${windows}.` };
}

function missing(cause: unknown): LiveDreamError {
  const libc = process.platform === 'linux' ? ` with ${familySync() ?? 'an unknown libc'}` : '';
  const there = `${process.platform} ${process.arch}${libc} and Node ${process.version}`;
  const file = addonPath();
  const what = file
    ? `The native addon '${file}' could not be loaded on ${there}: ${cause instanceof Error ? cause.message : cause}.`
    : `There is no native addon for ${there}: neither 'build/Release/livedream.node' nor a prebuilt one for this platform is in '${packageRoot}' (prebuilds there: ${prebuildsThere()}).`;
  return new LiveDreamError('ERR_LIVEDREAM_ADDON_MISSING', what, { cause, ...repair() });
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
