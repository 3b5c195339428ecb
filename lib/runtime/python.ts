import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ENVIRONMENT } from './environment.js';

const run = promisify(execFile);
const PATIENCE = 15_000;

export interface Python {
  readonly command: string;
  readonly version: string;
  /** Undefined where this Python has no pip. */
  readonly pip: string | undefined;
}

export interface PythonPackage {
  readonly folder: string;
  readonly version: string;
}

async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, [...args], { timeout: PATIENCE, encoding: 'utf8' });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

function candidates(): string[] {
  const given = ENVIRONMENT.python();
  return given === undefined ? ['python3', 'python'] : [given];
}

/** The first Python with pip, or else the first Python. */
export async function findPython(): Promise<Python | undefined> {
  let without: Python | undefined;
  for (const command of candidates()) {
    const version = await output(command, ['-c', 'import platform; print(platform.python_version())']);
    if (version === undefined) continue;
    const pip = (await output(command, ['-m', 'pip', '--version']))?.split(' ')[1];
    const python = { command, version, pip };
    if (pip !== undefined) return python;
    without ??= python;
  }
  return without;
}

/** Where TensorFlow is installed, found without importing it (which takes seconds). */
const FIND_TENSORFLOW = `
import importlib.metadata as m, os
for name in ("tensorflow", "tensorflow-cpu"):
    try:
        d = m.distribution(name)
        print(os.path.join(str(d.locate_file("")), "tensorflow")); print(d.version); break
    except m.PackageNotFoundError: pass
`;

export async function findPythonTensorflow(): Promise<PythonPackage | undefined> {
  for (const command of candidates()) {
    const [folder, version] = (await output(command, ['-c', FIND_TENSORFLOW]))?.split('\n') ?? [];
    if (folder && version) return { folder: folder.trim(), version: version.trim() };
  }
  return undefined;
}
