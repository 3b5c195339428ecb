// npm run train -- COMMAND [flags]: sets up PyTorch the first time, then trains (tools/train/README.md).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pythonEnvironment } from './setup/python.mjs';
import { announce, orExit, root } from './setup/step.mjs';

let python;
orExit(() =>
  announce("preparing the training's Python", ' (PyTorch: 5 GB on disk the first time)', () => {
    python = pythonEnvironment('train', 'tools/train/requirements.txt');
  }),
);
const { status, signal } = spawnSync(python, ['-m', 'dreamnet', ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
  // Waiting threads must not take the core of the process that composes pictures.
  env: { OMP_WAIT_POLICY: 'passive', ...process.env, PYTHONPATH: path.join(root, 'tools/train') },
});
process.exit(signal ? 130 : (status ?? 1));
