// For node --import: ends the process by SIGKILL right before the KILL_AT-th change that it makes to the file system by fs/promises.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.KILL_AT);
let changes = 0;
for (const name of ['mkdir', 'rename', 'rm', 'writeFile']) {
  const change = fs[name];
  fs[name] = (...args) => {
    changes += 1;
    if (changes === at) process.kill(process.pid, 'SIGKILL');
    return change(...args);
  };
}
syncBuiltinESMExports();
