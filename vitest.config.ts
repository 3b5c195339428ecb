import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that measure time or memory, or answer to a clock: what runs beside them would be measured too. */
const ALONE = [
  'test/api/{abort,admission,bad-input,main-thread,memory,starts}.test.ts',
  'test/bench/**/*.test.ts',
  'test/catalogue/fetch/**/*.test.ts',
  'test/cli/{bench*,interrupt,models-sheet,serve,terminal}.test.ts',
  'test/files/lock.test.ts',
  'test/gpu/**/*.test.ts',
  'test/page/**/*.test.ts',
  'test/runtime/**/*.test.ts',
  'test/service/**/*.test.ts',
  'test/stream/**/*.test.ts',
  'test/tuning/**/*.test.ts',
];

export default defineConfig({
  test: {
    // Forks: a process of its own shows what a crash broke.
    pool: 'forks',
    // What tests compile, measure and draw stays out of the user's cache, and none of it comes from there.
    env: {
      LIVEDREAM_COMPILE_CACHE: 'off',
      LIVEDREAM_TUNING: 'off',
      LIVEDREAM_THUMBNAILS: 'off',
      // Off by itself on processors of AVX2, where TensorFlow then lacks gradients that it has elsewhere: test/support/onednn.ts.
      TF_ENABLE_ONEDNN_OPTS: process.env.TF_ENABLE_ONEDNN_OPTS ?? '1',
    },
    // What is waited for comes late where a machine has much to do.
    expect: { poll: { timeout: 60_000 } },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    setupFiles: ['tools/coverage/in-tests.mjs'],
    // Turned on by tools/coverage: what the tests' own processes run of lib/. docs/coverage.md says what is added to it.
    coverage: {
      include: ['lib/**/*.ts'],
      exclude: ['**/*.d.ts'],
      reporter: ['json'],
      reportOnFailure: true,
    },
    projects: [
      {
        extends: true,
        // TensorFlow takes all cores for a step, but half of the time goes into what has one: starting, loading, compiling.
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: Math.min(2, availableParallelism()),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
