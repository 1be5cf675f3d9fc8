import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** When a test counts as hanging. Far above what any takes: machines are shared, and nothing here is about speed. */
const PATIENCE = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };
// Decorator metadata needs no plugin, as long as the file is in tsconfig's `include`.
const onPostgres = {
  globalSetup: ['test/support/global-setup.ts'],
  setupFiles: ['test/support/each-file.ts'],
  isolate: false, // what a file opens is closed after it: test/support/file-end.ts
  ...PATIENCE,
};

export default defineConfig({
  test: {
    // As many as there are processors: vitest leaves one free, which on two of them doubles the time of a run. The test
    // server takes 200 connections, and an application of a test opens up to 20.
    maxWorkers: Math.min(availableParallelism(), 6),
    projects: [
      // Pure rules leave nothing behind, so that files may share what they import: half the time of a run.
      { test: { name: 'unit', include: ['src/**/*.spec.ts', 'test/model/*.spec.ts'], isolate: false, ...PATIENCE } },
      { test: { name: 'medium', include: ['test/**/*.medium.ts'], ...onPostgres } },
      { test: { name: 'soak', include: ['test/soak/**/*.soak.ts'], ...PATIENCE } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.e2e.ts'], ...onPostgres } },
    ],
  },
});
