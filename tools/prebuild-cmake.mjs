#!/usr/bin/env node
// What prebuildify takes for node-gyp: builds by cmake-js. It passes node-gyp's flags (--target and more), which are not for
// cmake-js: one N-API binary serves every Node.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules/cmake-js/bin/cmake-js'), 'rebuild'], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
