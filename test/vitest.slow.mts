import { defineConfig } from 'vitest/config';

// Suites that build or install real software and drive it; each says what it skips where a toolchain is absent.
export default defineConfig({
  test: {
    include: ['test/**/*.slow.ts'],
    testTimeout: 600_000,
    hookTimeout: 3_000_000,
    fileParallelism: true,
    maxWorkers: 2,
    // Scenarios on a control plane wait for each other's steps more than they compute.
    maxConcurrency: 16,
  },
});
