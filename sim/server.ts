import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createDataSource } from '../src/data-source.js';
import { migrate } from '../src/platform/database.js';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js';

/** What is simulated may be lost at a power cut. */
const FORGETFUL = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'].flatMap((setting) => ['-c', setting]);

/** A PostgreSQL for one run: an embedded one, or that of TEST_DATABASE_URL. */
export class Server {
  private made = 0;

  private constructor(
    private readonly admin: pg.Client,
    private readonly url: string,
    private readonly stopServer: () => Promise<void>,
  ) {}

  static async start(): Promise<Server> {
    const folder = mkdtempSync(path.join(tmpdir(), 'kuchikomi-simulation-'));
    chmodSync(folder, 0o711); // as root the embedded server runs as somebody else, who has to pass through
    const given = process.env.TEST_DATABASE_URL;
    const dataDir = path.join(folder, 'data');
    const server = given ? null : await startEmbeddedPostgres({ dataDir, log: () => undefined, serverArgs: FORGETFUL });
    const admin = new pg.Client({ connectionString: given ?? server!.url });
    await admin.connect();
    return new Server(admin, given ?? server!.url, async () => {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    });
  }

  /** A migrated, empty database for as long as `work` takes. */
  async withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
    const name = `kuchikomi_simulation_${process.pid}_${++this.made}`;
    await this.admin.query(`create database ${name} encoding 'UTF8' template template0`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    try {
      const source = await createDataSource(url.href, { poolSize: 2 }).initialize();
      await migrate(source).finally(() => source.destroy());
      return await work(url.href);
    } finally {
      await this.admin.query(`drop database if exists ${name} with (force)`);
    }
  }

  async stop(): Promise<void> {
    await this.admin.end();
    await this.stopServer();
  }
}
