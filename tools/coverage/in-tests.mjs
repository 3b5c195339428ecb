// Set-up of vitest's processes where coverage is measured: docs/coverage.md. LIVEDREAM_COVERAGE names the folder for what V8 counts.
import { createRequire } from 'node:module';
import { afterAll } from 'vitest';

const folder = process.env.LIVEDREAM_COVERAGE;
// Not in vitest's own process, whose counters vitest reads: what it starts, and worker threads, write theirs by themselves.
if (folder !== undefined) process.env.NODE_V8_COVERAGE = folder;

// What an addon that counts has counted is written at a process's end, for which vitest leaves its own half a second. Hooks run last to first.
afterAll(() => {
  const { cache } = createRequire(import.meta.url);
  const addon = Object.keys(cache).find((file) => file.endsWith('livedream.node'));
  if (addon !== undefined) cache[addon].exports.writeCoverage?.();
});
