// Coverage of lib/: what vitest counted in its own processes and what V8 counted in all that they started, as one.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import libReport from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import { root, runLogged } from '../setup/step.mjs';
import { COUNTS, PAGES, VITEST } from './data.mjs';
import { coverageOfBuilt } from './v8.mjs';

/**
 * Writes the report into a folder: index.html, lines.txt.
 * @returns {Promise<{ files: { file: string, lines: number, covered: number }[], page: boolean }>} `page`: whether it counts
 */
export async function libraryFiles(folder) {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  // The page goes to browsers without maps; with them it is the same but for the lines that name them.
  runLogged('coverage-page', process.execPath, [
    tsc,
    '-p',
    'lib/page',
    '--sourceMap',
    '--inlineSources',
    '--outDir',
    PAGES,
  ]);
  const { coverageMap, page } = await coverageOfBuilt(COUNTS, PAGES);
  const own = path.join(VITEST, 'coverage-final.json');
  if (existsSync(own)) coverageMap.merge(JSON.parse(readFileSync(own, 'utf8')));
  // Without Chromium nothing ran it, and its lines say nothing.
  if (!page) coverageMap.filter((file) => !path.relative(root, file).startsWith(path.join('lib', 'page')));
  const context = libReport.createContext({ dir: folder, coverageMap });
  reports.create('html').execute(context);
  reports.create('text', { file: 'lines.txt' }).execute(context);
  const files = coverageMap.files().map((file) => {
    const { total, covered } = coverageMap.fileCoverageFor(file).toSummary().lines;
    return { file: path.relative(root, file), lines: total, covered };
  });
  return { files, page };
}
