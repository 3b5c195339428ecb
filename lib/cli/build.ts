import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Command } from 'commander';
import packageRoot from '#package-root';
import { LiveDreamError } from '../errors.js';

const repair =
  'Install cmake 3.20 and a C++17 compiler (Debian: apt-get install cmake g++; macOS: brew install cmake, xcode-select --install), and try again.';

function failed(what: string, cause: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_ADDON_MISSING', `The addon could not be built: ${what}.`, { cause, repair });
}

/** Runs cmake; what it says goes to stderr, as stdout is for results. */
function cmake(...args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('cmake', args, { cwd: packageRoot, stdio: ['ignore', 2, 'inherit'] });
    child.once('error', (error) => reject(failed('cmake is missing', error)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(failed(`cmake ended with ${code}`, undefined))));
  });
}

async function run(): Promise<void> {
  const build = path.join(packageRoot, 'build');
  await cmake('-S', packageRoot, '-B', build, '-DCMAKE_BUILD_TYPE=Release');
  await cmake('--build', build, '--parallel');
  process.stdout.write(`${path.join(build, 'Release/livedream.node')}\n`);
}

export function registerBuild(program: Command): void {
  program
    .command('build')
    .description(
      'build the native addon from its sources, where none is there for this platform (cmake, C++17 compiler)',
    )
    .action(run);
}
