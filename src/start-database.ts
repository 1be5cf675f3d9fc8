import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source.js';
import { stampRestored } from './leads/lead-feed.store.js';
import type { Config } from './platform/config.js';
import { isDatabaseAway, migrate, sqlState } from './platform/database.js';
import { startEmbeddedPostgres } from './platform/embedded-postgres.js';
import type { Log } from './platform/log.js';
import { StartError } from './platform/start-error.js';

export interface RunningDatabase {
  dataSource: DataSource;
  /** Closes the connections, and the embedded server if it was started here. */
  stop(): Promise<void>;
}

const OLDEST_SERVER = 15;

/** Connects to DATABASE_URL, or starts the embedded PostgreSQL, and migrates. Throws StartError with what to do. */
export async function startDatabase(config: Config, log: Log): Promise<RunningDatabase> {
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, log: (line) => log.debug(line) })
      : null;
  const dataSource = createDataSource(config.databaseUrl ?? embedded!.url);
  const stop = async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.stop();
  };
  try {
    await connect(dataSource, config);
    await refuseOldServer(dataSource);
    const done = await migrate(dataSource);
    if (done.length > 0) log.info({ migrations: done }, 'migrated');
    await stampRestored(dataSource.manager);
    return { dataSource, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(dataSource: DataSource, config: Config): Promise<void> {
  try {
    await dataSource.initialize();
  } catch (error) {
    if (config.databaseUrl === null) throw error;
    const { hostname, port, pathname, searchParams } = new URL(config.databaseUrl);
    const where = `${searchParams.get('host') ?? (hostname || 'localhost')}:${port || '5432'}`;
    const hints: Record<string, string> = {
      '28P01': 'The user name or the password in DATABASE_URL is wrong.',
      '28000': 'The server does not let this user in; see its pg_hba.conf.',
      '3D000': `The database does not exist. Make it: createdb ${decodeURIComponent(pathname.slice(1))}`,
    };
    const hint =
      hints[sqlState(error) ?? ''] ??
      (isDatabaseAway(error)
        ? 'Start it (Debian: pg_ctlcluster 15 main start), correct DATABASE_URL, or unset DATABASE_URL to use the embedded one.'
        : '');
    throw new StartError(`PostgreSQL at ${where} cannot be used: ${(error as Error).message}\n${hint}`.trim());
  }
}

async function refuseOldServer(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ version: number }[]>(
    `select current_setting('server_version_num')::int as version`,
  );
  if (row !== undefined && row.version < OLDEST_SERVER * 10_000) {
    throw new StartError(
      `PostgreSQL ${OLDEST_SERVER} or newer is needed; this server is version ${Math.floor(row.version / 10_000)}.`,
    );
  }
}
