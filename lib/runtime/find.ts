import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../errors.js';
import { ENVIRONMENT, runtimeFolder } from './environment.js';
import { currentPlatform, isSupported, type Platform, platformKey, supportedText, type Variant } from './platforms.js';
import { findPythonTensorflow } from './python.js';

/** Where a libtensorflow was found. */
export interface Runtime {
  readonly framework: string;
  readonly library: string;
  /** Undefined where the files do not tell; the library itself does when it is open. */
  readonly version: string | undefined;
  readonly variant: Variant | 'unknown';
  readonly source: 'environment' | 'installed' | 'python' | 'system';
}

/** What `livedream install` writes beside the libraries. */
export interface InstalledRuntime {
  readonly version: string;
  readonly variant: Variant;
  readonly files: Readonly<Record<string, number>>;
}

export const MANIFEST = 'runtime.json';

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

async function librariesIn(
  folder: string,
  platform: Platform,
): Promise<{ framework: string; library: string } | undefined> {
  const framework = path.join(folder, platform.framework);
  const library = path.join(folder, platform.library);
  return (await isFile(framework)) && (await isFile(library)) ? { framework, library } : undefined;
}

/** The version of a wheel unpacked by pip, from the name of its .dist-info folder. */
async function versionBeside(folder: string): Promise<string | undefined> {
  const names = await readdir(path.dirname(folder)).catch(() => []);
  const info = names.map((name) => /^tensorflow(?:_cpu)?-([\d.]+)\.dist-info$/.exec(name)?.[1]);
  return info.find((version) => version !== undefined);
}

async function fromEnvironment(platform: Platform): Promise<Runtime | undefined> {
  const given = ENVIRONMENT.tensorflow();
  if (given === undefined) return undefined;
  const folder = (await isFile(given)) ? path.dirname(given) : given;
  for (const candidate of [folder, path.join(folder, 'tensorflow'), path.join(folder, 'lib')]) {
    const absolute = path.resolve(candidate);
    const libraries = await librariesIn(absolute, platform);
    if (libraries) {
      return { ...libraries, version: await versionBeside(absolute), variant: 'unknown', source: 'environment' };
    }
  }
  throw new LiveDreamError(
    'ERR_LIVEDREAM_RUNTIME_MISSING',
    `LIVEDREAM_TENSORFLOW is '${given}', but neither there nor in 'tensorflow' or 'lib' below it are ${platform.framework} and ${platform.library}.`,
  );
}

/** The runtime in a folder made by `livedream install`, if it is whole. */
export async function readInstalled(folder: string, platform: Platform): Promise<Runtime | undefined> {
  let manifest: InstalledRuntime;
  try {
    manifest = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as InstalledRuntime;
  } catch {
    return undefined;
  }
  for (const [name, bytes] of Object.entries(manifest.files)) {
    if ((await stat(path.join(folder, name)).catch(() => undefined))?.size !== bytes) return undefined;
  }
  const libraries = await librariesIn(path.join(folder, 'tensorflow'), platform);
  return libraries && { ...libraries, version: manifest.version, variant: manifest.variant, source: 'installed' };
}

export function installedFolder(version: string, variant: Variant): string {
  return path.join(runtimeFolder(), `tensorflow-${version}-${variant}`);
}

async function fromCache(platform: Platform): Promise<Runtime | undefined> {
  const names = await readdir(runtimeFolder()).catch(() => []);
  // A GPU build, which was asked for by name, before a CPU build; newer before older.
  const order = names
    .filter((name) => name.startsWith('tensorflow-'))
    .sort((a, b) => {
      const gpu = Number(b.endsWith('-gpu')) - Number(a.endsWith('-gpu'));
      return gpu !== 0 ? gpu : b.localeCompare(a, 'en', { numeric: true });
    });
  for (const name of order) {
    const runtime = await readInstalled(path.join(runtimeFolder(), name), platform);
    if (runtime?.version !== undefined && isSupported(runtime.version)) return runtime;
  }
  return undefined;
}

async function fromPython(platform: Platform): Promise<Runtime | undefined> {
  const found = await findPythonTensorflow();
  if (!found || !isSupported(found.version)) return undefined;
  const libraries = await librariesIn(found.folder, platform);
  return libraries && { ...libraries, version: found.version, variant: 'unknown', source: 'python' };
}

async function fromSystem(platform: Platform): Promise<Runtime | undefined> {
  for (const folder of [...ENVIRONMENT.libraryPath(), '/usr/local/lib', '/usr/lib', '/opt/homebrew/lib']) {
    const libraries = await librariesIn(path.resolve(folder), platform);
    if (libraries) return { ...libraries, version: undefined, variant: 'unknown', source: 'system' };
  }
  return undefined;
}

function missing(platform: Platform): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_RUNTIME_MISSING',
    `${platform.library} was found nowhere: LIVEDREAM_TENSORFLOW is not set, nothing is installed in '${runtimeFolder()}', Python has no TensorFlow ${supportedText()}, and the system's library folders lack it.`,
  );
}

function checkVersion(runtime: Runtime): Runtime {
  if (runtime.version === undefined || isSupported(runtime.version)) return runtime;
  throw wrongVersion(runtime.library, runtime.version);
}

export function wrongVersion(library: string, version: string): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_RUNTIME_VERSION',
    `'${library}' is TensorFlow ${version}, and livedream supports ${supportedText()}.`,
  );
}

/**
 * Looks for libtensorflow: LIVEDREAM_TENSORFLOW, what `livedream install` put into the cache, an installed Python package,
 * the system's folders, in this order. Throws ERR_LIVEDREAM_RUNTIME_MISSING or ERR_LIVEDREAM_RUNTIME_VERSION.
 */
export async function findRuntime(): Promise<Runtime> {
  const platform = currentPlatform();
  if (!platform) {
    throw new LiveDreamError('ERR_LIVEDREAM_RUNTIME_MISSING', `No build of TensorFlow is known for ${platformKey()}.`);
  }
  for (const look of [fromEnvironment, fromCache, fromPython, fromSystem]) {
    const runtime = await look(platform);
    if (runtime) return checkVersion(runtime);
  }
  throw missing(platform);
}
