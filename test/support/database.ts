import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { createDataSource } from '../../src/data-source.js';
import { atEndOfFile } from './file-end.js';
import { withDatabase } from './test-server.js';

/* Each test file has a database of its own, a clone of the migrated template: test/support/each-file.ts makes it. */

let current: string | null = null;

/** Makes the database of the test file that begins, and drops it after the file. */
export async function newDatabase(): Promise<void> {
  const { url, databasePrefix } = inject('testServer');
  const name = `${databasePrefix}${randomUUID().slice(0, 8)}`;
  await onServer(url, `create database ${name} template ${databasePrefix}template`);
  current = withDatabase(url, name);
  atEndOfFile(() => onServer(url, `drop database if exists ${name} with (force)`));
}

/** A postgres:// URL of this file's own, migrated and otherwise empty database. */
export function databaseUrl(): string {
  if (current === null) throw new Error('test/support/each-file.ts has not run: is it in setupFiles of this project?');
  return current;
}

/** An initialised DataSource on this file's database. It is closed after the file, if the file does not do so. */
export async function openDatabase(options: { poolSize?: number } = {}): Promise<DataSource> {
  const source = await createDataSource(databaseUrl(), options).initialize();
  atEndOfFile(() => (source.isInitialized ? source.destroy() : undefined));
  return source;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
