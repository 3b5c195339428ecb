import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Forks, one after another: TensorFlow takes all cores, and a process of its own shows what a crash broke.
    pool: 'forks',
    fileParallelism: false,
    // What tests compile, measure and draw stays out of the user's cache, and none of it comes from there.
    env: { LIVEDREAM_COMPILE_CACHE: 'off', LIVEDREAM_TUNING: 'off', LIVEDREAM_THUMBNAILS: 'off' },
    // What is waited for comes late where a machine has much to do.
    expect: { poll: { timeout: 60_000 } },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
  },
});
