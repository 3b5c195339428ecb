// Compiles lib/ twice, to dist/esm and dist/cjs, and the service's page to dist/page. `npm run build:lib`

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

function compile(project) {
  const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', project], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
compile('tsconfig.esm.json');
compile('tsconfig.cjs.json');
compile('lib/page/tsconfig.json');
const page = path.join(root, 'lib/page');
for (const name of readdirSync(page).filter((each) => /\.(html|css|svg)$/.test(each)))
  copyFileSync(path.join(page, name), path.join(root, 'dist/page', name));
mkdirSync(path.join(root, 'dist/cjs'), { recursive: true });
// A package.json hides the one above it, so this one answers for '#package-root' too.
const cjsPackage = { type: 'commonjs', imports: { '#package-root': './package-root.cjs' } };
writeFileSync(path.join(root, 'dist/cjs/package.json'), `${JSON.stringify(cjsPackage)}\n`);
writeFileSync(
  path.join(root, 'dist/cjs/package-root.cjs'),
  "module.exports = require('node:path').resolve(__dirname, '../..');\n",
);
chmodSync(path.join(root, 'dist/esm/cli/main.js'), 0o755);
