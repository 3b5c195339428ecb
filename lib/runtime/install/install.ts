import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Caller, withCaller } from '../../caller.js';
import { LiveDreamError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import { ifUnlocked, LOCK, withLock } from '../../files/lock.js';
import { checkSpace, FULL_REPAIR, isFull, isUnwritable, makeWritable } from '../../files/space.js';
import { replaceFolder, sweep, withStaging } from '../../files/staging.js';
import { type Report, reporter } from '../../files/transfer.js';
import { downloadFolder, runtimeFolder } from '../environment.js';
import { type InstalledFile, installedFolder, MANIFEST, type Manifest, readInstalled } from '../find/installed.js';
import { currentPlatform, type Platform, platformKey, TENSORFLOW_VERSION, type Variant } from '../platforms.js';
import type { Runtime } from '../runtime.js';
import type { Wheel } from '../wheel.js';
import { downloadWheels } from './download.js';
import { matchWheels } from './given-wheels.js';
import { checkInstallOptions, type InstallOptions } from './install-options.js';
import { unpackedBytes, unpackWheel } from './unpack.js';

export type { InstallOptions, InstallProgress } from './install-options.js';

/** An installer's own folder, beside the target so that it can be renamed. */
const TEMPORARY = '.installing-';
const WHAT = 'the installation';

/** What an installation is about. */
interface Job {
  readonly platform: Platform;
  readonly variant: Variant;
  readonly wheels: readonly Wheel[];
  readonly from: readonly string[] | undefined;
  readonly force: boolean;
  readonly report: Report;
}

function failed(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', message, { cause });
}

/** What was found before anything was done, and whose message says what to do. */
function refused(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', message, { cause, repair: 'Nothing was changed.' });
}

/** Any error, as a user gets it. */
function asFailure(error: unknown): LiveDreamError {
  if (error instanceof LiveDreamError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (!isUnwritable(error)) return failed(`The installation failed: ${message}.`, error);
  const text = `TensorFlow cannot be kept in '${runtimeFolder()}': ${message}.`;
  const repair = isFull(error) ? FULL_REPAIR : 'Set LIVEDREAM_CACHE to a folder that can be written to.';
  return new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', text, { cause: error, repair });
}

function describeJob(options: InstallOptions, platform: Platform | undefined, caller: Caller): Job {
  const variant = options.variant ?? 'cpu';
  const wheels = platform?.wheels[variant];
  if (!platform || !wheels) {
    const text = `There is no ${variant.toUpperCase()} build of TensorFlow ${TENSORFLOW_VERSION} for ${platform?.key ?? platformKey()} on PyPI; set LIVEDREAM_TENSORFLOW to a build of your own.`;
    throw failed(text);
  }
  const { from, force = false } = options;
  return { platform, variant, wheels, from, force, report: reporter(options.onProgress, caller) };
}

/** Which wheels an earlier try has downloaded whole; a broken one is fetched anew. */
async function alreadyFetched(files: Map<Wheel, string>, report: Report, signal: AbortSignal): Promise<Wheel[]> {
  const total = [...files.keys()].reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    report('verify', Math.min(done, total), total);
  };
  const whole: Wheel[] = [];
  for (const [wheel, file] of files) {
    const sha256 = await sha256OfFile(file, signal, count).catch(() => undefined);
    signal.throwIfAborted();
    if (sha256 === wheel.sha256) whole.push(wheel);
  }
  return whole;
}

/** Before the wheel is here: 3.1 times its size for TensorFlow's CPU build, 2.2 for its CUDA build, 1.6 for CUDA's [measured]. */
function likelyUnpackedBytes({ project, bytes }: Wheel): number {
  return bytes * (project.startsWith('tensorflow') ? 3.2 : 1.8);
}

async function fetchWheels(job: Job, temporary: string, signal: AbortSignal): Promise<Map<Wheel, string>> {
  const files = new Map(job.wheels.map((wheel) => [wheel, path.join(downloadFolder(), wheel.file)]));
  const whole = await alreadyFetched(files, job.report, signal);
  const absent = job.wheels.filter((wheel) => !whole.includes(wheel));
  if (absent.length > 0) {
    const total = absent.reduce((sum, { bytes }) => sum + bytes, 0);
    await checkSpace(
      temporary,
      total + job.wheels.reduce((sum, wheel) => sum + likelyUnpackedBytes(wheel), 0),
      WHAT,
      refused,
    );
    const report = (done: number): void => job.report('download', done, total);
    await downloadWheels(absent, job.platform, downloadFolder(), temporary, report, signal);
  }
  return files;
}

async function unpackAll(
  wheels: readonly string[],
  folder: string,
  report: Report,
  signal: AbortSignal,
): Promise<Record<string, InstalledFile>> {
  let total = 0;
  for (const wheel of wheels) total += await unpackedBytes(wheel);
  await mkdir(folder);
  await checkSpace(folder, total, WHAT, refused);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    report('unpack', done, total);
  };
  const all: Record<string, InstalledFile> = {};
  for (const wheel of wheels) Object.assign(all, await unpackWheel(wheel, folder, count, signal));
  return all;
}

async function build(job: Job, temporary: string, target: string, signal: AbortSignal): Promise<void> {
  const { platform, variant, wheels, from, report } = job;
  const files = from
    ? await matchWheels(from, wheels, (done, total) => report('verify', done, total), signal)
    : await fetchWheels(job, temporary, signal);
  const unpacked = path.join(temporary, 'unpacked');
  const manifest: Manifest = {
    version: TENSORFLOW_VERSION,
    variant,
    platform: platform.key,
    wheels: Object.fromEntries(wheels.map(({ file, sha256 }) => [file, sha256])),
    files: await unpackAll([...files.values()], unpacked, report, signal),
  };
  await writeFile(path.join(unpacked, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
  if (!(await readInstalled(unpacked, platform))) {
    throw failed(`The wheel ${wheels[0]?.file} lacks ${platform.framework} or ${platform.library}.`);
  }
  signal.throwIfAborted();
  await replaceFolder(target, unpacked, temporary);
  if (!from) await removeDownloads(job);
}

const removeDownloads = async ({ wheels }: Job): Promise<void> => {
  for (const { file } of wheels) await rm(path.join(downloadFolder(), file), { force: true });
};

/** What killed installers left: gigabytes, perhaps. To be called under the lock. */
async function removeLeftOvers(job: Job): Promise<void> {
  await sweep(runtimeFolder(), TEMPORARY);
  await removeDownloads(job);
}

/**
 * The same beside an installation that is there and needs no more work; one that is at work now sees to it itself. Where it cannot be
 * done, the installation serves all the same.
 */
async function tidy(job: Job): Promise<void> {
  const beside = await readdir(runtimeFolder());
  const downloads = await readdir(downloadFolder()).catch((): string[] => []);
  const left =
    beside.some((name) => name === LOCK || name.startsWith(TEMPORARY)) ||
    job.wheels.some(({ file }) => downloads.includes(file));
  if (left) await ifUnlocked(runtimeFolder(), () => removeLeftOvers(job)).catch(() => undefined);
}

async function install(job: Job, target: string, signal: AbortSignal): Promise<Runtime> {
  // Another installer may have put it there while this one waited.
  const there = await readInstalled(target, job.platform);
  if (there && !job.force) {
    await removeLeftOvers(job);
    return there;
  }
  await withStaging(runtimeFolder(), TEMPORARY, (temporary) => build(job, temporary, target, signal));
  const installed = await readInstalled(target, job.platform);
  if (!installed) throw failed(`'${target}' was changed while it was installed.`);
  return installed;
}

/**
 * Installs libtensorflow into the user's cache: downloaded by pip in the pinned version, checked by SHA-256, only the needed
 * files kept, moved into place whole. Answers at once where it is installed already.
 * @param platform for tests: another entry than this machine's
 * @throws LiveDreamError ERR_LIVEDREAM_INSTALL_FAILED, ERR_LIVEDREAM_CHECKSUM or ERR_LIVEDREAM_ABORTED; nothing is left then
 * but complete downloads, for the next try. TypeError or RangeError for a wrong option.
 * @example
 * ```ts
 * import { installRuntime } from 'livedream';
 *
 * const { library, version } = await installRuntime({
 *   onProgress: ({ phase, done, total }) => console.log(phase, done, 'of', total, 'bytes'),
 * });
 * console.log(library, version);
 * ```
 */
export async function installRuntime(
  options: InstallOptions = {},
  platform: Platform | undefined = currentPlatform(),
): Promise<Runtime> {
  checkInstallOptions(options);
  return withCaller(options.signal, async (caller) => {
    const { signal } = caller;
    try {
      const job = describeJob(options, platform, caller);
      const target = installedFolder(TENSORFLOW_VERSION, job.variant, job.platform);
      const there = await readInstalled(target, job.platform);
      if (there && !job.force) {
        await tidy(job);
        return there;
      }
      await makeWritable(runtimeFolder(), refused);
      const onWait = (): void => job.report('wait');
      return await withLock(runtimeFolder(), { signal, onWait }, (within) => install(job, target, within));
    } catch (error) {
      throw asFailure(error);
    }
  });
}
