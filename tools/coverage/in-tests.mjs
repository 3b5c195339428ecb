// Set-up of vitest's processes while coverage is measured: docs/coverage.md. LIVEDREAM_COVERAGE names the folder for what V8 counts.
const folder = process.env.LIVEDREAM_COVERAGE;
if (folder !== undefined) {
  // Not in vitest's own process, whose counters vitest reads: what it starts, and worker threads, write theirs by themselves.
  process.env.NODE_V8_COVERAGE = folder;
  // Vitest ends its processes with this signal, which would lose what the addon counted: gcov writes that at an exit.
  process.once('SIGTERM', () => process.exit(0));
}
