// npm run prebuild: prebuilds/ for this platform by prebuildify, which calls cmake-js through tools/prebuild-cmake.mjs.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/prebuildify/bin.js',
    '--napi',
    '--strip',
    '--tag-libc',
    '--node-gyp',
    path.join(root, 'tools/prebuild-cmake.mjs'),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
