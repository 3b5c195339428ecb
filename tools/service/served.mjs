// `livedream serve` as a process of its own, and what the system tells of it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../bench/models.mjs';

const MIB = 2 ** 20;

/** @param args flags beside the port, which is a free one on the loopback address */
export async function serve(args) {
  const cli = path.join(root, 'dist/esm/cli/main.js');
  const all = [cli, 'serve', '--host', '127.0.0.1', '--port', '0', '--log-level', 'warn', ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  let said = '';
  const ended = once(child, 'exit');
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        said = (said + text).slice(-20_000);
        const found = / on (http:\S+)/.exec(said)?.[1];
        if (found) resolve(found);
      });
    child.once('exit', (code) => reject(new Error(`livedream serve ended with ${code}:\n${said}`)));
  });
  return {
    url,
    /** What it logged and told, the last of it. */
    said: () => said,
    /** Resident, in MiB. */
    memory: () => (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])) * 1024) / MIB,
    /** Files and sockets that it holds; undefined where the system does not tell. */
    handles: () => {
      try {
        return readdirSync(`/proc/${child.pid}/fd`).length;
      } catch {
        return undefined;
      }
    },
    running: () => child.exitCode === null && child.signalCode === null,
    /** Its exit code after a polite request to end. */
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
  };
}
