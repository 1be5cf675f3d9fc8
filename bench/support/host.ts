import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createDataSource } from '../../src/data-source.js';
import { migrate } from '../../src/platform/database.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { cpuOfTree } from './processes.js';

/** Several services share the server of a run, each with a pool of its own; the 60 connections of an embedded one are for a single service. */
const SEVERAL = ['-c', 'max_connections=200'];

/**
 * The PostgreSQL of a run and a directory for its files. Without BENCH_DATABASE_URL or TEST_DATABASE_URL it is the embedded
 * one as a service starts it, durable as there: what is compared is what was kept.
 */
export class Host {
  private made = 0;

  private constructor(
    private readonly admin: pg.Client,
    private readonly url: string,
    readonly folder: string,
    /** For docs/benchmarks.md: which server, and what it promises. */
    readonly about: string,
    private readonly postmaster: number | null,
    private readonly stopServer: () => Promise<void>,
  ) {}

  static async start(): Promise<Host> {
    const folder = mkdtempSync(path.join(tmpdir(), 'kuchikomi-bench-'));
    chmodSync(folder, 0o711); // as root the embedded server runs as somebody else, who has to pass through
    const given = process.env.BENCH_DATABASE_URL ?? process.env.TEST_DATABASE_URL;
    const dataDir = path.join(folder, 'data');
    const server = given ? null : await startEmbeddedPostgres({ dataDir, log: () => undefined, serverArgs: SEVERAL });
    const admin = new pg.Client({ connectionString: given ?? server!.url });
    await admin.connect();
    const { rows } = await admin.query<{ version: string; fsync: string; commit: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
    );
    const { version, fsync, commit } = rows[0]!;
    const pid = server
      ? Number(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
      : null;
    const about = `PostgreSQL ${version.split(' ')[0]} (${server ? 'embedded' : 'given'}, fsync ${fsync}, synchronous_commit ${commit})`;
    return new Host(admin, given ?? server!.url, folder, about, pid, async () => server?.stop());
  }

  /** A new, migrated database; nothing of an earlier round is in it. */
  async database(): Promise<Base> {
    const name = `kuchikomi_bench_${process.pid}_${++this.made}`;
    await this.admin.query(`create database ${name} encoding 'UTF8' template template0`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    const source = await createDataSource(url.href, { poolSize: 2 }).initialize();
    await migrate(source).finally(() => source.destroy());
    const drop = async () => void (await this.admin.query(`drop database if exists ${name} with (force)`));
    return { url: url.href, drop };
  }

  /** Writes out what earlier work has left in memory, so that nobody's disk time is somebody else's. */
  async quiet(): Promise<void> {
    await this.admin.query('checkpoint');
  }

  /** Milliseconds of CPU that the server has used; NaN where it is not ours to look at. */
  cpu(): number {
    return this.postmaster === null ? NaN : cpuOfTree(this.postmaster);
  }

  async stop(): Promise<void> {
    await this.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where starts_with(datname, $1)`, [
      `kuchikomi_bench_${process.pid}_`,
    ]);
    const { rows } = await this.admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [`kuchikomi_bench_${process.pid}_`],
    );
    for (const { datname } of rows) await this.admin.query(`drop database if exists ${datname} with (force)`);
    await this.admin.end();
    await this.stopServer();
    // A server with much to write out may still be at it when its stop has been waited for long enough.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

export interface Base {
  url: string;
  drop(): Promise<void>;
}

/** Runs statements on a base of its own connection. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
