// An installer that is a process: node install-child.mjs PLATFORM OPTIONS, both as JSON. Prints its progress and its end, a line of JSON each.
import { installRuntime } from '../../../dist/esm/runtime/install/install.js';

const [platform, options] = process.argv.slice(2).map((text) => JSON.parse(text));
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
try {
  tell({ runtime: await installRuntime({ ...options, onProgress: tell }, platform) });
} catch (error) {
  tell({ error: { code: error.code, message: error.message } });
  process.exitCode = 1;
}
