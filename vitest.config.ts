import { defineConfig } from 'vitest/config';

// Decorator metadata needs no plugin, as long as the file is in tsconfig's `include`.
const onPostgres = { globalSetup: ['test/support/global-setup.ts'], testTimeout: 20_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.spec.ts'] } },
      { test: { name: 'medium', include: ['test/**/*.medium.ts'], ...onPostgres } },
      { test: { name: 'soak', include: ['test/soak/**/*.soak.ts'], hookTimeout: 120_000 } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.e2e.ts'], ...onPostgres } },
    ],
  },
});
