// npm run dream -- photo.jpg [flags]: all the set-up that a fresh clone needs, then `livedream dream`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { orExit, root } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';

orExit(setUp);
const cli = path.join(root, 'dist/esm/cli/main.js');
const { status, signal } = spawnSync(process.execPath, [cli, 'dream', ...process.argv.slice(2)], {
  // npm runs scripts in the package's folder; paths are meant from where the user is.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
});
process.exit(signal ? 130 : (status ?? 1));
