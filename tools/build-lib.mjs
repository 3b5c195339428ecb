// Compiles lib/ twice, to dist/esm and dist/cjs, and the service's page to dist/page. `npm run build:lib`

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
writeFileSync(path.join(root, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
// That package.json hides the one above it, which says what '#package-root' is.
const cjs = path.join(root, 'dist/cjs');
for (const name of readdirSync(cjs, { recursive: true }).filter((each) => each.endsWith('.js'))) {
  const file = path.join(cjs, name);
  const text = readFileSync(file, 'utf8');
  const relative = path.relative(path.dirname(file), path.join(root, 'package-root.cjs'));
  if (text.includes('"#package-root"')) writeFileSync(file, text.replace('"#package-root"', JSON.stringify(relative)));
}
chmodSync(path.join(root, 'dist/esm/cli/main.js'), 0o755);
