import { defineConfig } from 'vitest/config';

/** When a test counts as hanging. Far above what any takes: machines are shared, and nothing here is about speed. */
const PATIENCE = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };
// Decorator metadata needs no plugin, as long as the file is in tsconfig's `include`.
const onPostgres = { globalSetup: ['test/support/global-setup.ts'], ...PATIENCE };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.spec.ts'], ...PATIENCE } },
      { test: { name: 'medium', include: ['test/**/*.medium.ts'], ...onPostgres } },
      { test: { name: 'soak', include: ['test/soak/**/*.soak.ts'], ...PATIENCE } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.e2e.ts'], ...onPostgres } },
    ],
  },
});
