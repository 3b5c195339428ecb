import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { downloadFolder, runtimeFolder } from '../environment.js';
import { type InstalledFile, installedFolder, MANIFEST, type Manifest, readInstalled } from '../find/installed.js';
import { currentPlatform, type Platform, platformKey, TENSORFLOW_VERSION, type Variant } from '../platforms.js';
import type { Runtime } from '../runtime.js';
import type { Wheel } from '../wheel.js';
import { downloadWheels } from './download.js';
import { matchWheels } from './given-wheels.js';
import { sha256OfFile } from './hash.js';
import { checkInstallOptions, type InstallOptions, type InstallProgress } from './install-options.js';
import { withLock } from './lock.js';
import { checkSpace, makeWritable } from './space.js';
import { unpackedBytes, unpackWheel } from './unpack.js';

export type { InstallOptions, InstallProgress } from './install-options.js';

/** An installer's own folder, beside the target so that it can be renamed. */
const TEMPORARY = '.installing-';
/** Progress is told for every so many bytes at most. */
const PROGRESS_STEP = 2 ** 22;

/** What an installation is about. */
interface Job {
  readonly platform: Platform;
  readonly variant: Variant;
  readonly wheels: readonly Wheel[];
  readonly from: readonly string[] | undefined;
  readonly force: boolean;
  readonly report: (phase: InstallProgress['phase'], done?: number, total?: number) => void;
}

function failed(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', message, { cause });
}

function reporter(onProgress: InstallOptions['onProgress']): Job['report'] {
  let phase: string | undefined;
  let last = 0;
  return (next, done = 0, total = 0) => {
    if (next === phase && next !== 'wait' && done < total && done - last < PROGRESS_STEP) return;
    phase = next;
    last = done;
    onProgress?.({ phase: next, done, total });
  };
}

function describeJob(options: InstallOptions, platform: Platform | undefined): Job {
  const variant = options.variant ?? 'cpu';
  const wheels = platform?.wheels[variant];
  if (!platform || !wheels) {
    const text = `There is no ${variant.toUpperCase()} build of TensorFlow ${TENSORFLOW_VERSION} for ${platform?.key ?? platformKey()} on PyPI; set LIVEDREAM_TENSORFLOW to a build of your own.`;
    throw failed(text);
  }
  const { from, force = false } = options;
  return { platform, variant, wheels, from, force, report: reporter(options.onProgress) };
}

/** What a killed installer left; only called under the lock. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(TEMPORARY)) await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Which wheels an earlier try has downloaded whole; a broken one is fetched anew. */
async function alreadyFetched(files: Map<Wheel, string>, report: Job['report'], signal: AbortSignal): Promise<Wheel[]> {
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

/** Before the wheel is here: 3.1 times its size for TensorFlow's CPU build [measured], less for CUDA's [estimated]. */
function likelyUnpackedBytes({ project, bytes }: Wheel): number {
  return bytes * (project.startsWith('tensorflow') ? 3.2 : 1.8);
}

async function fetchWheels(job: Job, temporary: string, signal: AbortSignal): Promise<Map<Wheel, string>> {
  const files = new Map(job.wheels.map((wheel) => [wheel, path.join(downloadFolder(), wheel.file)]));
  const whole = await alreadyFetched(files, job.report, signal);
  const absent = job.wheels.filter((wheel) => !whole.includes(wheel));
  if (absent.length > 0) {
    const total = absent.reduce((sum, { bytes }) => sum + bytes, 0);
    await checkSpace(temporary, total + job.wheels.reduce((sum, wheel) => sum + likelyUnpackedBytes(wheel), 0));
    const report = (done: number): void => job.report('download', done, total);
    await downloadWheels(absent, job.platform, downloadFolder(), temporary, report, signal);
  }
  return files;
}

async function unpackAll(
  wheels: readonly string[],
  folder: string,
  report: Job['report'],
  signal: AbortSignal,
): Promise<Record<string, InstalledFile>> {
  let total = 0;
  for (const wheel of wheels) total += await unpackedBytes(wheel);
  await mkdir(folder);
  await checkSpace(folder, total);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    report('unpack', done, total);
  };
  const all: Record<string, InstalledFile> = {};
  for (const wheel of wheels) Object.assign(all, await unpackWheel(wheel, folder, count, signal));
  return all;
}

/** Puts a new folder in the place of an old one, which goes where it will be removed. */
async function replace(target: string, next: string, temporary: string): Promise<void> {
  await rename(target, path.join(temporary, 'old')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(next, target);
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
  await replace(target, unpacked, temporary);
  if (!from) for (const file of files.values()) await rm(file, { force: true });
}

async function install(job: Job, target: string, signal: AbortSignal): Promise<Runtime> {
  const folder = runtimeFolder();
  await sweep(folder);
  // Another installer may have put it there while this one waited.
  const there = await readInstalled(target, job.platform);
  if (there && !job.force) return there;
  const temporary = path.join(folder, `${TEMPORARY}${randomUUID()}`);
  await mkdir(temporary);
  try {
    await build(job, temporary, target, signal);
  } finally {
    // What cannot be removed now is swept the next time; it must not hide what went wrong.
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
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
 */
export async function installRuntime(
  options: InstallOptions = {},
  platform: Platform | undefined = currentPlatform(),
): Promise<Runtime> {
  checkInstallOptions(options);
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    const job = describeJob(options, platform);
    const target = installedFolder(TENSORFLOW_VERSION, job.variant, job.platform);
    const there = await readInstalled(target, job.platform);
    if (there && !job.force) return there;
    await makeWritable(runtimeFolder());
    const onWait = (): void => job.report('wait');
    return await withLock(runtimeFolder(), { signal, onWait }, (within) => install(job, target, within));
  } catch (error) {
    if (error instanceof LiveDreamError) throw error;
    if (signal?.aborted) {
      throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The installation was cancelled.', { cause: signal.reason });
    }
    throw failed(`The installation failed: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}
