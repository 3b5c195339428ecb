// Uses the package of the working folder where this process believes to be elsewhere, as ELSEWHERE says.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const { libc, ...properties } = JSON.parse(process.env.ELSEWHERE);
const ours = createRequire(path.resolve('package.json'));
const detectLibc = ours('detect-libc');
const here = detectLibc.familySync;
let believed;
detectLibc.familySync = () => believed ?? here();
// It has binaries of its own everywhere, but here only those of this machine.
await import(pathToFileURL(path.join(path.dirname(ours.resolve('sharp')), 'sharp.mjs')));
believed = libc;
for (const [name, value] of Object.entries(properties)) Object.defineProperty(process, name, { value });
const { Dreamer } = await import(pathToFileURL(path.resolve('dist/esm/index.js')));
await Dreamer.load().then(
  () => console.log('loaded'),
  ({ code, message }) => console.log(code, message),
);
