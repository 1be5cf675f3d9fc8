import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { createDataSource } from '../../src/data-source.js';
import { migrate } from '../../src/platform/database.js';
import { DATABASE_PREFIX, withDatabase, type TestServer } from './test-server.js';

/** A server that forgets at a power cut: tests want speed, and the launcher's own test covers durability. */
const INIT_ARGS = ['--no-sync', '--wal-segsize=1', '--no-data-checksums'];
const SERVER_ARGS = [
  ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
  ...['wal_level=minimal', 'max_wal_senders=0', 'max_connections=200'],
].flatMap((setting) => ['-c', setting]);
const DIRECTORY_PREFIX = `kuchikomi-test-${userInfo().uid}-`;

interface Running {
  server: TestServer;
  stop(): Promise<void>;
}

/** One server and one template database for all projects of a run: vitest loads this module once for each of them. */
const shared = globalThis as { kuchikomiTestServer?: Promise<Running>; kuchikomiTestUsers?: number };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.kuchikomiTestUsers = (shared.kuchikomiTestUsers ?? 0) + 1;
  const running = await (shared.kuchikomiTestServer ??= start());
  project.provide('testServer', running.server);
  return async () => {
    shared.kuchikomiTestUsers = (shared.kuchikomiTestUsers ?? 1) - 1;
    if (shared.kuchikomiTestUsers > 0) return;
    delete shared.kuchikomiTestServer; // watch mode sets up again
    await running.stop();
  };
}

async function start(): Promise<Running> {
  const given = process.env['TEST_DATABASE_URL'];
  const host = given ? { url: given, stop: () => Promise.resolve() } : await startOwnServer();
  try {
    return await prepareServer(host);
  } catch (error) {
    await host.stop();
    throw error;
  }
}

async function startOwnServer(): Promise<{ url: string; stop(): Promise<void> }> {
  await removeAbandonedServers();
  const dataDir = mkdtempSync(path.join(tmpdir(), `${DIRECTORY_PREFIX}${process.pid}-`));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: () => {},
    initArgs: INIT_ARGS,
    serverArgs: SERVER_ARGS,
  });
  const stop = async (): Promise<void> => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: postgres.url, stop };
}

/** A run that was killed leaves its server running, with nobody to own it: that is adopted here, and ended. */
async function removeAbandonedServers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(DIRECTORY_PREFIX))) {
    if (isRunning(Number(name.slice(DIRECTORY_PREFIX.length).split('-')[0]))) continue; // a run beside this one
    const dataDir = path.join(tmpdir(), name);
    const postgres = await startEmbeddedPostgres({ dataDir, log: () => {}, serverArgs: SERVER_ARGS }).catch(() => null);
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Makes the template. Its connection stays open for the whole run and holds an advisory lock named after the run: a later
 * run tells by it which databases on a shared server nobody uses any more.
 */
async function prepareServer(host: { url: string; stop(): Promise<void> }): Promise<Running> {
  const admin = new pg.Client({ connectionString: host.url });
  await admin.connect().catch((error: unknown) => {
    throw new Error('The test server does not answer. Is TEST_DATABASE_URL right?', { cause: error });
  });
  const run = `${Date.now().toString(36)}${process.pid.toString(36)}`;
  const server: TestServer = { url: host.url, databasePrefix: `${DATABASE_PREFIX}${run}_` };
  await admin.query('select pg_advisory_lock(hashtext($1))', [run]);
  await dropAbandonedDatabases(admin);
  const template = `${server.databasePrefix}template`;
  await admin.query(`create database ${template} encoding 'UTF8' template template0`);
  await migrateTemplate(withDatabase(host.url, template));
  const stop = async (): Promise<void> => {
    await dropDatabases(admin, server.databasePrefix);
    await admin.end();
    await host.stop();
  };
  return { server, stop };
}

async function migrateTemplate(url: string): Promise<void> {
  const dataSource = await createDataSource(url, { poolSize: 2 }).initialize();
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function dropAbandonedDatabases(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ run: string }>(
    `select distinct split_part(substr(datname, $2), '_', 1) run from pg_database where starts_with(datname, $1)`,
    [DATABASE_PREFIX, DATABASE_PREFIX.length + 1],
  );
  for (const { run } of rows) {
    const lock = await admin.query<{ free: boolean }>('select pg_try_advisory_lock(hashtext($1)) free', [run]);
    if (!lock.rows[0]?.free) continue;
    await dropDatabases(admin, `${DATABASE_PREFIX}${run}_`);
    await admin.query('select pg_advisory_unlock(hashtext($1))', [run]);
  }
}

async function dropDatabases(admin: pg.Client, prefix: string): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
}
