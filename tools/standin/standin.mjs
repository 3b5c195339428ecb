// The stand-in of libtensorflow, as what tests speak to: the library is an addon of Node.js too (control.cc).
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of its library: what LIVEDREAM_TENSORFLOW is to name. LIVEDREAM_STANDIN names another build. */
export const STANDIN = process.env.LIVEDREAM_STANDIN ?? path.join(root, '.cache/standin');

/** The one of this process, the same that the addon calls. */
export function openStandin() {
  const holder = { exports: {} };
  process.dlopen(
    holder,
    path.join(STANDIN, process.platform === 'darwin' ? 'libtensorflow_cc.2.dylib' : 'libtensorflow_cc.so.2'),
  );
  return holder.exports;
}
