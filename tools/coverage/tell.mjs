// The figures of a measurement as plain lines, as CI and `npm run coverage` print them, and whether they are enough.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/step.mjs';
import { byRoom, table, verdict } from './figures.mjs';
import { libraryFiles } from './library.mjs';
import { nativeFiles } from './native.mjs';

/** Percent of the lines that tests must run. */
const LEAST = { library: 90, native: 85 };
const folder = path.join(root, '.cache/coverage');

function told(name, rooms, least, aside = '') {
  writeFileSync(path.join(folder, `${name}.md`), `${table(rooms)}\n`);
  const { line, enough } = verdict(`${name}/${aside}`, rooms, least);
  console.log(line);
  return enough;
}

/** @returns {Promise<boolean>} whether it is enough; the report is in .cache/coverage/lib */
export async function tellLibrary() {
  const { files, page } = await libraryFiles(path.join(folder, 'lib'));
  return told('lib', byRoom(files), LEAST.library, page ? '' : ' (without lib/page, for there is no Chromium)');
}

/** @returns {boolean} whether it is enough; the report is in .cache/coverage/native */
export function tellNative(python) {
  return told('native', byRoom(nativeFiles(python, path.join(folder, 'native'))), LEAST.native);
}
