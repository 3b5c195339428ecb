import { spawn } from 'node:child_process';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { makeFolder } from '../../files/folder.js';
import { sha256OfFile } from '../../files/hash.js';
import { type Platform, WHEEL_PYTHON } from '../platforms.js';
import { findPip, type Pip } from '../python.js';
import type { Wheel } from '../wheel.js';
import { pipFailure } from './pip-failure.js';

/** What pip is given to end in after SIGTERM; it ends at once, so this is only for one that hangs. */
const LAST_CHANCE = 3000;
const WATCH_INTERVAL = 250;
/** Where pip puts wheels, in our temporary folder. */
const ARRIVING = 'arriving';

/** The size of the largest wheel below a folder: the one that is arriving (pip copies it at the end). */
async function arrivingBytes(folder: string): Promise<number> {
  let most = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (!entry.isFile() || !entry.name.endsWith('.whl')) continue;
    // Node 20.9 to 20.11 have only `path`.
    const file = path.join((entry as { parentPath?: string }).parentPath ?? entry.path, entry.name);
    most = Math.max(most, (await stat(file).catch(() => undefined))?.size ?? 0);
  }
  return most;
}

function pipArguments(platform: Platform, requirements: string, folder: string): string[] {
  return [
    'download',
    ...['--quiet', '--no-input', '--disable-pip-version-check'],
    ...['--no-deps', '--only-binary=:all:', '--require-hashes', '--requirement', requirements, '--dest', folder],
    ...['--python-version', WHEEL_PYTHON.version, '--implementation', 'cp', '--abi', WHEEL_PYTHON.abi, '--abi', 'none'],
    ...platform.pipPlatforms.flatMap((name) => ['--platform', name]),
  ];
}

async function runPip(
  { command, args }: Pip,
  wheel: Wheel,
  platform: Platform,
  temporary: string,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const requirements = path.join(temporary, 'requirements.txt');
  await writeFile(requirements, `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const given = pipArguments(platform, requirements, path.join(temporary, ARRIVING));
  const child = spawn(command, [...args, ...given], {
    // Python puts the current folder before its own modules; this one holds nothing of anybody's.
    cwd: temporary,
    // Its own temporary folder: what a killed pip leaves goes with ours, and progress can be seen there.
    env: { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  // Not spawn's own `signal`: that answers at once, and pip would still write while its folder is being removed. SIGTERM
  // first, as uv hands it on to the pip below it.
  let killer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    child.kill('SIGTERM');
    killer = setTimeout(() => child.kill('SIGKILL'), LAST_CHANCE);
  };
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal?.throwIfAborted();
    if (code !== 0) throw pipFailure(wheel, errors, code);
  } finally {
    signal?.removeEventListener('abort', kill);
    clearTimeout(killer);
  }
}

async function downloadWheel(
  wheel: Wheel,
  platform: Platform,
  pip: Pip,
  temporary: string,
  onBytes: (done: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const arriving = path.join(temporary, ARRIVING);
  await makeFolder(arriving);
  let watching = true;
  const watch = setInterval(async () => {
    const bytes = await arrivingBytes(temporary);
    if (watching) onBytes(Math.min(bytes, wheel.bytes));
  }, WATCH_INTERVAL);
  try {
    await runPip(pip, wheel, platform, temporary, signal);
  } finally {
    watching = false;
    clearInterval(watch);
  }
  return path.join(arriving, wheel.file);
}

/**
 * Downloads wheels by pip, one after another, checks their hashes once more and moves each into `folder` as soon as it is
 * whole, so that a later try goes on from there. `temporary` is the caller's, who removes it.
 * @throws LiveDreamError ERR_LIVEDREAM_INSTALL_FAILED or ERR_LIVEDREAM_CHECKSUM
 */
export async function downloadWheels(
  wheels: readonly Wheel[],
  platform: Platform,
  folder: string,
  temporary: string,
  onBytes: (done: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const pip = await findPip();
  onBytes(0);
  await makeFolder(folder);
  let before = 0;
  for (const wheel of wheels) {
    const file = await downloadWheel(wheel, platform, pip, temporary, (bytes) => onBytes(before + bytes), signal);
    await checkWheel(file, wheel, signal);
    await rename(file, path.join(folder, wheel.file));
    before += wheel.bytes;
    onBytes(before);
  }
  await rm(path.join(temporary, ARRIVING), { recursive: true, force: true });
}

/** Throws ERR_LIVEDREAM_CHECKSUM where the file is not the pinned one. */
export async function checkWheel(file: string, wheel: Wheel, signal?: AbortSignal): Promise<void> {
  const sha256 = await sha256OfFile(file, signal);
  if (sha256 !== wheel.sha256) throw wrongHash(file, sha256, wheel);
}

export function wrongHash(file: string, sha256: string, wheel: Wheel): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `'${file}' has SHA-256 ${sha256}, and ${wheel.file} must have ${wheel.sha256}.`,
  );
}
