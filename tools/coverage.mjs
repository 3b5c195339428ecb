// npm run coverage [-- vitest's arguments]: runs the tests with all that counts lines, and prints the coverage of lib/ and native/ by
// room. Reports in .cache/coverage/lib and .cache/coverage/native. Linux with GCC: docs/coverage.md.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { counted, resetLibrary } from './coverage/data.mjs';
import { buildCounting, COUNTING, gcovrPython, resetNative } from './coverage/native.mjs';
import { orExit, root } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';

const python = orExit(() => {
  setUp();
  buildCounting();
  return gcovrPython();
});
resetLibrary();
resetNative();
const given = process.argv.slice(2);
const args = ['node_modules/vitest/vitest.mjs', 'run', ...counted.args, ...given];
const env = { ...process.env, ...counted.env, LIVEDREAM_PREBUILD: COUNTING };
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
const { tellLibrary, tellNative } = await import('./coverage/tell.mjs');
const enough = [await tellLibrary(), tellNative(python)];
for (const name of ['lib', 'native'])
  console.log(`\n${readFileSync(path.join(root, `.cache/coverage/${name}.md`), 'utf8')}`);
// The bounds are of all the tests.
process.exit(status === 0 && (given.length > 0 || enough.every(Boolean)) ? 0 : 1);
