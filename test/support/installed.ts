import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { runtimeFolder } from '../../lib/runtime/environment.js';
import { installedFolder } from '../../lib/runtime/find/installed.js';
import { currentPlatform, TENSORFLOW_VERSION } from '../../lib/runtime/platforms.js';

const platform = currentPlatform();
/** Whether `livedream install` put TensorFlow into the user's cache. */
export const isInstalled = platform !== undefined && existsSync(installedFolder(TENSORFLOW_VERSION, 'cpu', platform));

/** Makes a cache of a test's own, in which TensorFlow is where it is in the user's. */
export function makeCache(folder: string): string {
  mkdirSync(folder);
  if (isInstalled) symlinkSync(runtimeFolder(), path.join(folder, 'runtime'));
  return folder;
}
