// Opens the library while processes are started that inherit stderr; prints how many.
// node open-among-children.mjs ADDON FRAMEWORK LIBRARY
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const [addonFile, framework, library] = process.argv.slice(2);
const addon = createRequire(import.meta.url)(addonFile);
const children = [];
const start = () => {
  const child = spawn('sh', ['-c', 'sleep 0.5; echo child >&2'], { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(once(child, 'close'));
};
start();
const timer = setInterval(start, 10);
const { messages } = await addon.openLibrary(framework, library, false);
clearInterval(timer);
start();
await Promise.all(children);
console.log(JSON.stringify({ children: children.length, messages }));
