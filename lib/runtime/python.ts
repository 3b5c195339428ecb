import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { LiveDreamError } from '../errors.js';
import { ENVIRONMENT } from './environment.js';

const run = promisify(execFile);
const PATIENCE = 15_000;

export interface Python {
  /** As it was asked for. */
  readonly command: string;
  /** The interpreter itself: pyenv's shims are shell scripts, and stopping one of those leaves its pip running. */
  readonly executable: string;
  readonly version: string;
  /** Undefined where this Python has no pip. */
  readonly pip: string | undefined;
}

/** A command line that is pip, to be followed by pip's own arguments. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
}

export interface PythonPackage {
  /** The Python that has it. */
  readonly command: string;
  readonly folder: string;
  readonly version: string;
}

async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    // Python puts the current folder before its own modules: from '/' nobody's json.py is run by mistake.
    const { stdout } = await run(command, [...args], { timeout: PATIENCE, encoding: 'utf8', cwd: '/' });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** The Pythons that are asked, in order. */
export function pythonCommands(): string[] {
  const given = ENVIRONMENT.python();
  if (given !== undefined) return [given.includes(path.sep) ? path.resolve(given) : given];
  const active = ENVIRONMENT.pythonEnvironments().map((folder) => path.resolve(folder, 'bin', 'python'));
  return [...new Set([...active, 'python3', 'python'])];
}

async function describePython(command: string): Promise<Python | undefined> {
  const code = 'import platform, sys; print(sys.executable); print(platform.python_version())';
  const [executable, version] = (await output(command, ['-c', code]))?.split('\n').slice(-2) ?? [];
  if (!executable || !version) return undefined;
  return { command, executable, version, pip: (await output(executable, ['-m', 'pip', '--version']))?.split(' ')[1] };
}

/** The first Python with pip, or else the first Python. */
export async function findPython(): Promise<Python | undefined> {
  let without: Python | undefined;
  for (const command of pythonCommands()) {
    const python = await describePython(command);
    if (python?.pip !== undefined) return python;
    without ??= python;
  }
  return without;
}

/** uv's version, where uv is there. */
export async function findUv(): Promise<string | undefined> {
  return (await output('uv', ['--version']))?.split(' ')[1];
}

/** The pip of a Python, or else the one that uv runs on demand. Throws ERR_LIVEDREAM_INSTALL_FAILED where there is none. */
export async function findPip(): Promise<Pip> {
  const python = await findPython();
  if (python?.pip !== undefined) return { command: python.executable, args: ['-m', 'pip'] };
  const given = ENVIRONMENT.python();
  // A Python that was named is not replaced silently.
  if (given === undefined && (await findUv()) !== undefined) return { command: 'uv', args: ['tool', 'run', 'pip'] };
  const here = given === undefined ? 'no Python was found' : `'${given}' of LIVEDREAM_PYTHON cannot be run`;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_INSTALL_FAILED',
    `TensorFlow is downloaded with Python's pip, and ${python ? `Python ${python.version} ('${python.command}') has no pip` : here}. Install pip (Debian: apt-get install python3-pip) or uv, or name a Python that has pip in LIVEDREAM_PYTHON.`,
  );
}

/** Where TensorFlow is installed, found without importing it (which takes seconds). */
const FIND_TENSORFLOW = `
import importlib.metadata as m, json, os
for name in ("tensorflow", "tensorflow-cpu"):
    try:
        d = m.distribution(name)
        print(json.dumps({"folder": os.path.join(str(d.locate_file("")), "tensorflow"), "version": d.version})); break
    except m.PackageNotFoundError: pass
`;

async function tensorflowOf(command: string): Promise<PythonPackage | undefined> {
  // Only the last line: some set-ups print a greeting from sitecustomize.
  const line = (await output(command, ['-c', FIND_TENSORFLOW]))?.split('\n').at(-1);
  try {
    return line ? { command, ...(JSON.parse(line) as { folder: string; version: string }) } : undefined;
  } catch {
    return undefined;
  }
}

/** The TensorFlow packages of the Pythons of this machine, in the order of `pythonCommands`. */
export async function findPythonTensorflows(): Promise<PythonPackage[]> {
  const found = await Promise.all(pythonCommands().map(tensorflowOf));
  return found.filter((entry) => entry !== undefined);
}
