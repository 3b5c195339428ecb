import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { LiveDreamError } from '../errors.js';
import { checkWheel, downloadWheels } from './download.js';
import { downloadFolder, runtimeFolder } from './environment.js';
import { type InstalledRuntime, installedFolder, MANIFEST, type Runtime, readInstalled } from './find.js';
import { sha256OfFile } from './hash.js';
import {
  currentPlatform,
  type Platform,
  platformKey,
  TENSORFLOW_VERSION,
  type Variant,
  type Wheel,
} from './platforms.js';
import { unpackWheel } from './unpack.js';

export interface InstallProgress {
  readonly phase: 'wait' | 'download' | 'verify' | 'unpack';
  /** Bytes; both 0 while waiting for another installer. */
  readonly done: number;
  /** 0 where it is not known. */
  readonly total: number;
}

export interface InstallOptions {
  /** Default `cpu`; `gpu` is the CUDA build with CUDA's libraries, about 5 GB on disk. */
  readonly variant?: Variant;
  /** Wheels, or folders of them, to install from instead of downloading. */
  readonly from?: readonly string[];
  /** Install again what is there. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: InstallProgress) => void;
  /** For tests: another platform table entry than this machine's. */
  readonly platform?: Platform;
}

const TEMPORARY = '.installing-';
/** Unpacked bytes for one of a wheel's: measured 3.1 on the CPU wheel's libraries. */
const UNPACKED_RATIO = 3.5;

function failed(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', message, { cause });
}

function wheelsOf(platform: Platform | undefined, variant: Variant): readonly Wheel[] {
  const wheels = platform?.wheels[variant];
  if (!wheels)
    throw failed(
      `There is no ${variant.toUpperCase()} build of TensorFlow ${TENSORFLOW_VERSION} for ${platformKey()}.`,
    );
  return wheels;
}

async function prepareFolder(folder: string, wheels: readonly Wheel[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw failed(`The cache folder '${folder}' cannot be written; set LIVEDREAM_CACHE to one that can.`, error);
  }
  const needed = wheels.reduce((sum, { bytes = 0 }) => sum + bytes, 0) * (1 + UNPACKED_RATIO);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < needed) {
    const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
    throw failed(
      `'${folder}' has ${mebibytes(bavail * bsize)} MiB free, and the installation needs ${mebibytes(needed)} MiB.`,
    );
  }
}

/** Takes the lock, waiting for another installer as long as it lives (a dead one's lock goes stale in 20 s). */
async function locked<T>(folder: string, options: InstallOptions, work: () => Promise<T>): Promise<T> {
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const release = await lockfile.lock(folder, { stale: 20_000, lockfilePath: path.join(folder, '.lock') });
      try {
        return await work();
      } finally {
        await release().catch(() => undefined);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      options.onProgress?.({ phase: 'wait', done: 0, total: 0 });
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

/** What a killed installer left; only called under the lock. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(TEMPORARY)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

async function given(
  from: readonly string[],
  wheels: readonly Wheel[],
  signal?: AbortSignal,
): Promise<Map<Wheel, string>> {
  const files: string[] = [];
  for (const place of from) {
    const found = await stat(place).catch((error) =>
      Promise.reject(failed(`There is no file or folder '${place}'.`, error)),
    );
    if (!found.isDirectory()) files.push(place);
    else
      files.push(
        ...(await readdir(place)).filter((name) => name.endsWith('.whl')).map((name) => path.join(place, name)),
      );
  }
  const hashes = new Map<string, string>();
  for (const file of files) hashes.set(await sha256OfFile(file, signal), file);
  const chosen = new Map<Wheel, string>();
  for (const wheel of wheels) {
    const file = hashes.get(wheel.sha256);
    if (file === undefined) {
      const [only] = files;
      if (wheels.length === 1 && files.length === 1 && only !== undefined) await checkWheel(only, wheel, signal);
      throw failed(`None of ${files.length} given files is ${wheel.file} with SHA-256 ${wheel.sha256}.`);
    }
    chosen.set(wheel, file);
  }
  return chosen;
}

async function fetched(
  wheels: readonly Wheel[],
  platform: Platform,
  temporary: string,
  options: InstallOptions,
): Promise<Map<Wheel, string>> {
  const folder = downloadFolder();
  const files = new Map(wheels.map((wheel) => [wheel, path.join(folder, wheel.file)]));
  const absent: Wheel[] = [];
  // A complete download of an earlier try is used again; a broken one is fetched anew.
  for (const [wheel, file] of files) {
    const whole = (await sha256OfFile(file, options.signal).catch(() => undefined)) === wheel.sha256;
    if (!whole) absent.push(wheel);
  }
  if (absent.length > 0) {
    const known = absent.every(({ bytes }) => bytes !== undefined);
    const total = known ? absent.reduce((sum, { bytes = 0 }) => sum + bytes, 0) : 0;
    const report = (done: number): void => options.onProgress?.({ phase: 'download', done, total });
    await downloadWheels(absent, platform, folder, temporary, report, options.signal);
  }
  return files;
}

async function unpackAll(
  files: Map<Wheel, string>,
  folder: string,
  options: InstallOptions,
): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const file of files.values()) {
    const report = (done: number, total: number): void => options.onProgress?.({ phase: 'unpack', done, total });
    Object.assign(all, (await unpackWheel(file, folder, report, options.signal)).files);
  }
  return all;
}

async function install(
  platform: Platform,
  variant: Variant,
  wheels: readonly Wheel[],
  options: InstallOptions,
): Promise<Runtime> {
  const folder = runtimeFolder();
  const target = installedFolder(TENSORFLOW_VERSION, variant);
  await sweep(folder);
  const there = await readInstalled(target, platform);
  if (there && !options.force) return there;
  const temporary = path.join(folder, `${TEMPORARY}${randomUUID()}`);
  await mkdir(temporary);
  try {
    const files = options.from
      ? await given(options.from, wheels, options.signal)
      : await fetched(wheels, platform, temporary, options);
    const unpacked = path.join(temporary, 'unpacked');
    const manifest: InstalledRuntime = {
      version: TENSORFLOW_VERSION,
      variant,
      files: await unpackAll(files, unpacked, options),
    };
    await writeFile(path.join(unpacked, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    const runtime = await readInstalled(unpacked, platform);
    if (!runtime) throw failed(`The wheel lacks ${platform.framework} or ${platform.library}.`);
    await rm(target, { recursive: true, force: true });
    await rename(unpacked, target);
    if (!options.from) for (const file of files.values()) await rm(file, { force: true });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return (await readInstalled(target, platform)) as Runtime;
}

/**
 * Installs libtensorflow into the user's cache: downloaded by pip in the pinned version, checked by SHA-256, only the needed
 * files kept, moved into place whole. Answers at once where it is installed already.
 * @throws LiveDreamError ERR_LIVEDREAM_INSTALL_FAILED, ERR_LIVEDREAM_CHECKSUM or ERR_LIVEDREAM_ABORTED; nothing is left then
 * but complete downloads, for the next try.
 */
export async function installRuntime(options: InstallOptions = {}): Promise<Runtime> {
  const variant = options.variant ?? 'cpu';
  const platform = options.platform ?? currentPlatform();
  const wheels = wheelsOf(platform, variant);
  try {
    const there = await readInstalled(installedFolder(TENSORFLOW_VERSION, variant), platform as Platform);
    if (there && !options.force) return there;
    await prepareFolder(runtimeFolder(), wheels);
    return await locked(runtimeFolder(), options, () => install(platform as Platform, variant, wheels, options));
  } catch (error) {
    if (error instanceof LiveDreamError) throw error;
    if (options.signal?.aborted) {
      throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The installation was cancelled.', {
        cause: options.signal.reason,
      });
    }
    throw failed(`The installation failed: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}
