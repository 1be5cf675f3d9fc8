import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, inject } from 'vitest';
import { createDataSource } from '../../src/data-source.js';
import { withDatabase } from './test-server.js';

/*
 * Importing this file gives the importing test file a database of its own, a clone of the migrated template. Vitest
 * loads modules anew for each test file, so that "once a module" is "once a test file".
 */

const server = inject('testServer');
const database = `${server.databasePrefix}${randomUUID().slice(0, 8)}`;

/** A postgres:// URL of this file's own, migrated and otherwise empty database. */
export const databaseUrl = withDatabase(server.url, database);

const opened: DataSource[] = [];

await onServer(`create database ${database} template ${server.databasePrefix}template`);

// Vitest runs these in reverse order: whatever a test file closes in its own afterAll is closed before this.
afterAll(async () => {
  await Promise.all(opened.filter((source) => source.isInitialized).map((source) => source.destroy()));
  await onServer(`drop database if exists ${database} with (force)`);
});

/** An initialised DataSource on this file's database. It is closed after the file, if the file does not do so. */
export async function openDatabase(options: { poolSize?: number } = {}): Promise<DataSource> {
  const source = await createDataSource(databaseUrl, options).initialize();
  opened.push(source);
  return source;
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
