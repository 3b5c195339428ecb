import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../errors.js';
import { sha256OfFile } from './hash.js';
import { type Platform, WHEEL_PYTHON, type Wheel } from './platforms.js';
import { findPython } from './python.js';

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (!entry.isFile() || !entry.name.endsWith('.whl')) continue;
    const file = path.join((entry as { parentPath?: string }).parentPath ?? entry.path, entry.name);
    bytes += (await stat(file).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

async function pipCommand(): Promise<string> {
  const python = await findPython();
  if (python?.pip !== undefined) return python.command;
  const found = python ? `Python ${python.version} has no pip` : 'no Python was found';
  throw new LiveDreamError(
    'ERR_LIVEDREAM_INSTALL_FAILED',
    `TensorFlow is downloaded with Python's pip, and ${found}. Install it (Debian: apt-get install python3-pip), or name a Python in LIVEDREAM_PYTHON.`,
  );
}

function pipArguments(platform: Platform, requirements: string, folder: string): string[] {
  return [
    ...[
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--disable-pip-version-check',
      '--no-input',
    ],
    ...['--require-hashes', '--requirement', requirements, '--dest', folder],
    ...['--python-version', WHEEL_PYTHON.version, '--implementation', 'cp', '--abi', WHEEL_PYTHON.abi, '--abi', 'none'],
    ...platform.pipPlatforms.flatMap((name) => ['--platform', name]),
  ];
}

async function runPip(
  command: string,
  args: readonly string[],
  temporary: string,
  signal?: AbortSignal,
): Promise<void> {
  const child = spawn(command, args, {
    // Its own temporary folder: what a killed pip leaves goes with ours, and progress can be seen there.
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal ? { signal, killSignal: 'SIGKILL' as const } : {}),
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const last = errors.trim().split('\n').filter(Boolean).slice(-3).join(' ');
      reject(
        new LiveDreamError(
          'ERR_LIVEDREAM_INSTALL_FAILED',
          `pip could not download TensorFlow: ${last || `it ended with ${code}`}.`,
          {
            cause: new Error(errors),
          },
        ),
      );
    });
  });
}

/**
 * Downloads wheels by pip into `folder` and checks their hashes once more. `temporary` is removed by the caller.
 * @throws LiveDreamError ERR_LIVEDREAM_INSTALL_FAILED or ERR_LIVEDREAM_CHECKSUM
 */
export async function downloadWheels(
  wheels: readonly Wheel[],
  platform: Platform,
  folder: string,
  temporary: string,
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const command = await pipCommand();
  const arriving = path.join(temporary, 'wheels');
  await mkdir(arriving, { recursive: true });
  const requirements = path.join(temporary, 'requirements.txt');
  const lines = wheels.map(({ project, version, sha256 }) => `${project}==${version} --hash=sha256:${sha256}`);
  await writeFile(requirements, `${lines.join('\n')}\n`);
  let watching = true;
  const watch = setInterval(async () => {
    const bytes = await sizeOf(temporary);
    if (watching) onProgress(bytes);
  }, 250);
  try {
    await runPip(command, pipArguments(platform, requirements, arriving), temporary, signal);
  } finally {
    watching = false;
    clearInterval(watch);
  }
  await mkdir(folder, { recursive: true });
  for (const wheel of wheels) {
    const file = path.join(arriving, wheel.file);
    await checkWheel(file, wheel, signal);
    await rename(file, path.join(folder, wheel.file));
  }
  await rm(arriving, { recursive: true, force: true });
}

/** Throws ERR_LIVEDREAM_CHECKSUM where the file is not the pinned one. */
export async function checkWheel(file: string, wheel: Wheel, signal?: AbortSignal): Promise<void> {
  const sha256 = await sha256OfFile(file, signal);
  if (sha256 === wheel.sha256) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `'${file}' has SHA-256 ${sha256}, and ${wheel.project} ${wheel.version} must have ${wheel.sha256}.`,
  );
}
