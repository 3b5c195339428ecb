import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Forks, one after another: TensorFlow takes all cores, and a process of its own shows what a crash broke.
    pool: 'forks',
    fileParallelism: false,
    // What is measured stays out of the user's cache, and no result hangs on what was measured.
    env: { LIVEDREAM_TUNING: 'off' },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
  },
});
