// A Python environment of the project's own under .cache/, made from a requirements file and kept until that changes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { announce, root, SetupError } from './step.mjs';

/**
 * @param {string} name the environment's, for its folder
 * @param {string} requirements the file, from the project's folder
 * @returns {string} its interpreter; throws SetupError where Python or a package cannot be had, and then leaves nothing
 */
export function pythonEnvironment(name, requirements) {
  const folder = path.join(root, `.cache/${name}-python`);
  const python = path.join(folder, 'bin/python');
  const marker = path.join(folder, 'installed.txt');
  const file = path.join(root, requirements);
  const wanted = readFileSync(file, 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return python;
  const run = (command, args) => {
    const { status, stderr, error } = spawnSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status === 0) return;
    rmSync(folder, { recursive: true, force: true });
    throw new SetupError((stderr || String(error)).trim().split('\n').slice(-3).join(' '));
  };
  announce(`making the Python environment .cache/${name}-python`, '', () => {
    mkdirSync(folder, { recursive: true });
    run(process.env.LIVEDREAM_PYTHON ?? 'python3', ['-m', 'venv', '--clear', folder]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', file]);
    writeFileSync(marker, wanted);
  });
  return python;
}

/**
 * What a folder's setup.mjs does: makes its environment and prints the interpreter, or says what cannot be had and exits with 3.
 * @param {{ name: string, requirements: string, without: string }} environment `without`: what it means that there is none
 */
export function setUpPython({ name, requirements, without }) {
  try {
    console.log(pythonEnvironment(name, requirements));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`livedream: ${without}: ${error.message}`);
    process.exit(3);
  }
}
