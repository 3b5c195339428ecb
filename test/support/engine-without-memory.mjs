// Makes engines while no address space is left for another thread's stack; prints how that ended.
// node engine-without-memory.mjs ADDON
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const addon = createRequire(import.meta.url)(process.argv[2]);
const settings = { device: 'CPU:0', programCacheBytes: 1, queueLimit: 1, threads: 0, precision: 'float32' };
const megabytes = Number(/VmSize:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
// Room for JavaScript's own needs, not for the 8 MiB of a stack.
execFileSync('prlimit', ['--pid', String(process.pid), `--as=${megabytes + 6 * 2 ** 20}:`]);
let message = 'none';
const engines = [];
try {
  for (let i = 0; i < 8; i += 1) engines.push(new addon.Engine(settings));
} catch (error) {
  message = `${error.name}: ${error.message}`;
}
console.log(message);
