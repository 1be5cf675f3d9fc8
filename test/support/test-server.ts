/** What a run's global setup tells its test files of the PostgreSQL they share. */
export interface TestServer {
  /** The server, by a database nobody tests in. */
  url: string;
  /** Every database of this run has a name that begins so; `template` completes it to the migrated one. */
  databasePrefix: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

export const DATABASE_PREFIX = 'kuchikomi_test_';

/** The same server's URL with another database. Parameters such as `host` stay. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
