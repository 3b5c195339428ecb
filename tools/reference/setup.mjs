// Makes the Python environment of the reference under .cache/; prints its interpreter. Exits with 3 where Python, pip or
// TensorFlow cannot be had: the tests then use the golden results alone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../.cache/reference-python');
const requirements = path.join(import.meta.dirname, 'requirements.txt');
const python = path.join(folder, 'bin/python');
const marker = path.join(folder, 'installed.txt');

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status === 0) return;
  const reason = (stderr || String(error)).trim().split('\n').slice(-3).join(' ');
  console.error(`livedream: no Python reference here, golden results are used instead: ${reason}`);
  rmSync(folder, { recursive: true, force: true });
  process.exit(3);
}

const wanted = readFileSync(requirements, 'utf8');
if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
  console.error('livedream: setting up the Python reference ...');
  mkdirSync(folder, { recursive: true });
  run(process.env.LIVEDREAM_PYTHON ?? 'python3', ['-m', 'venv', '--clear', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  writeFileSync(marker, wanted);
}
console.log(python);
