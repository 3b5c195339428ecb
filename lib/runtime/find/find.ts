import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { ENVIRONMENT, runtimeFolder } from '../environment.js';
import { currentPlatform, isSupported, type Platform, platformKey, supportedText } from '../platforms.js';
import { findPythonTensorflows, pythonCommands } from '../python.js';
import type { Runtime } from '../runtime.js';
import { installedFolders, readInstalled } from './installed.js';
import { isFile, librariesIn, packageVariant, packageVersion } from './libraries.js';

/** What a place gave: a runtime, or why there is none. */
type Found = { readonly runtime: Runtime } | { readonly why: string };

const SYSTEM_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/local/lib', '/usr/local/lib64', '/usr/lib', '/usr/lib64', '/usr/lib/x86_64-linux-gnu'],
  darwin: ['/usr/local/lib', '/opt/homebrew/lib'],
};

async function fromEnvironment(platform: Platform): Promise<Found> {
  const given = ENVIRONMENT.tensorflow();
  if (given === undefined) return { why: 'LIVEDREAM_TENSORFLOW is not set' };
  const names = [platform.framework, platform.library];
  const file = await isFile(given);
  if (file && !names.includes(path.basename(given))) {
    throw unusable(given, `which is neither a folder nor one of the files ${names.join(' and ')}`);
  }
  const folder = path.resolve(file ? path.dirname(given) : given);
  for (const candidate of file ? [folder] : [folder, path.join(folder, 'tensorflow'), path.join(folder, 'lib')]) {
    const installed = await readInstalled(path.dirname(candidate), platform);
    if (installed) return { runtime: { ...installed, source: 'environment' } };
    const libraries = await librariesIn(candidate, platform);
    if (!libraries) continue;
    const [version, variant] = await Promise.all([packageVersion(candidate), packageVariant(candidate)]);
    return { runtime: { ...libraries, version, variant, source: 'environment' } };
  }
  const where = file ? 'beside it' : "there, nor in 'tensorflow' or 'lib' below it";
  throw unusable(given, `but ${names.join(' and ')} are not both ${where}`);
}

function unusable(given: string, why: string): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_RUNTIME_MISSING', `LIVEDREAM_TENSORFLOW is '${given}', ${why}.`);
}

async function fromCache(platform: Platform): Promise<Found> {
  const folders = await installedFolders(platform);
  let why = `nothing is installed in '${runtimeFolder()}'`;
  for (const folder of folders) {
    const runtime = await readInstalled(folder, platform);
    if (runtime?.version !== undefined && isSupported(runtime.version)) return { runtime };
    why = runtime
      ? `what is installed in '${folder}' is TensorFlow ${runtime.version}`
      : `what is installed in '${folder}' is not whole`;
  }
  return { why };
}

async function fromPython(platform: Platform): Promise<Found> {
  const packages = await findPythonTensorflows();
  let why = `no TensorFlow is installed for Python (asked: ${pythonCommands().join(', ')})`;
  for (const { command, folder, version } of packages) {
    const libraries = await librariesIn(folder, platform);
    if (libraries && isSupported(version)) {
      return { runtime: { ...libraries, version, variant: await packageVariant(folder), source: 'python' } };
    }
    why = libraries
      ? `'${command}' has TensorFlow ${version}, and livedream supports ${supportedText()}`
      : `the TensorFlow ${version} of '${command}' in '${folder}' lacks ${platform.library}`;
  }
  return { why };
}

async function fromSystem(platform: Platform): Promise<Found> {
  const folders = [...ENVIRONMENT.libraryPath(), ...(SYSTEM_FOLDERS[process.platform] ?? [])];
  for (const folder of folders) {
    const libraries = await librariesIn(path.resolve(folder), platform);
    if (libraries) return { runtime: { ...libraries, version: undefined, variant: 'unknown', source: 'system' } };
  }
  return { why: `the system's folders lack it (${folders.join(', ')})` };
}

export function wrongVersion(library: string, version: string): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_RUNTIME_VERSION',
    `'${library}' is TensorFlow ${version}, and livedream supports ${supportedText()}.`,
  );
}

/**
 * Looks for libtensorflow: LIVEDREAM_TENSORFLOW, what `livedream install` put into the cache, an installed Python package,
 * the system's folders, in this order. Starts no process where one of the first two answers.
 * @throws LiveDreamError ERR_LIVEDREAM_RUNTIME_MISSING, which says what was looked for where, or
 * ERR_LIVEDREAM_RUNTIME_VERSION. A LIVEDREAM_TENSORFLOW that cannot be used is never passed over.
 */
export async function findRuntime(): Promise<Runtime> {
  const platform = currentPlatform();
  if (!platform) {
    throw new LiveDreamError('ERR_LIVEDREAM_RUNTIME_MISSING', `No build of TensorFlow is known for ${platformKey()}.`);
  }
  const reasons: string[] = [];
  for (const look of [fromEnvironment, fromCache, fromPython, fromSystem]) {
    const found = await look(platform);
    if ('why' in found) {
      reasons.push(found.why);
      continue;
    }
    const { library, version } = found.runtime;
    if (version !== undefined && !isSupported(version)) throw wrongVersion(library, version);
    return found.runtime;
  }
  throw new LiveDreamError(
    'ERR_LIVEDREAM_RUNTIME_MISSING',
    `${platform.library} was not found: ${reasons.join('; ')}.`,
  );
}
