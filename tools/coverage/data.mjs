// Where the counts of lib/ lie, and how vitest is told to count. Only Node's own modules here, as in tools/setup/step.mjs.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/step.mjs';

const data = path.join(root, '.cache/coverage/data');
/** What V8 counted in processes and pages that tests start. */
export const COUNTS = path.join(data, 'v8');
/** What vitest counted in its own. */
export const VITEST = path.join(data, 'vitest');
/** The page as it is built with source maps, which browsers do not get. */
export const PAGES = path.join(data, 'page');

/** Arguments and variables with which vitest counts. */
export const counted = {
  args: ['--coverage.enabled', `--coverage.reportsDirectory=${VITEST}`],
  env: { LIVEDREAM_COVERAGE: COUNTS },
};

/** Forgets what was counted. */
export function resetLibrary() {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(COUNTS, { recursive: true });
}
