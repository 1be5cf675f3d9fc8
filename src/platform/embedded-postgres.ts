import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  describeCluster,
  initialise,
  removeSocketDir,
  startServer,
  type Cluster,
} from './embedded-postgres/cluster.js';
import {
  findServer,
  hasLiveOwner,
  isOwner,
  waitUntilGone,
  writeOwner,
  type ServerProcess,
} from './embedded-postgres/server-process.js';
import { withStartLock } from './embedded-postgres/start-lock.js';

export interface EmbeddedPostgresOptions {
  /** The service's DATA_DIR. The cluster is its `postgres` folder, beside it `postgres.log`. */
  dataDir: string;
  /** Told of what an operator would want to know: a first start, an adopted server, a restart. */
  log: (message: string) => void;
  /** Further arguments of initdb and postgres, for tests: they need no durability. */
  initArgs?: string[];
  serverArgs?: string[];
}

export interface EmbeddedPostgres {
  /** A postgres:// URL for `pg`; its `host` parameter is the directory of the socket. */
  url: string;
  /** True if this process must stop the server: it started it, or adopted one whose starter died. */
  startedHere: boolean;
  /** Stops the server and waits for its end, if `startedHere`; else does nothing. May be called again. */
  stop(): Promise<void>;
}

const DATABASE = 'kuchikomi';
/** The service has 10 s from SIGTERM to its end. A shutdown that needs longer goes on without us. */
const STOP_PATIENCE_MS = 8_000;
const ANSWER_PATIENCE_MS = 100_000;
const WATCH_MS = 1_000;
const WATCH_AT_MOST_MS = 30_000;

/**
 * Gives a running PostgreSQL under `dataDir` with a database `kuchikomi`, making what is missing.
 *
 * A live server is used, and left alone by `stop`: its starter may be the service beside which this is a command of the
 * CLI. A live server whose starter died is adopted. A dead one is started again and recovers what was committed. While
 * this process is responsible for the server, it also restarts one that dies.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await describeCluster(options.dataDir, options);
  const started = await withStartLock(cluster.dir, () => provide(cluster, options.log));
  const url = urlOf(started.server);
  if (!started.owned) return { url, startedHere: false, stop: () => Promise.resolve() };
  const watch = watchOver(cluster, options.log);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= watch.end().then(() => shutDown(cluster, options.log)));
  return { url, startedHere: true, stop };
}

/** Under the start lock: a server with our database in it, and whether this process has to stop it. */
async function provide(
  cluster: Cluster,
  log: (message: string) => void,
): Promise<{ server: ServerProcess; owned: boolean }> {
  const live = await answeringServer(cluster);
  const owned = !live || !hasLiveOwner(cluster.ownerFile);
  if (live && owned) log('Adopted the running embedded PostgreSQL of a Kuchikomi that was killed.');
  if (owned) writeOwner(cluster.ownerFile);
  const server = live ?? (await startFromDisk(cluster, log));
  await ensureDatabase(server);
  return { server, owned };
}

async function startFromDisk(cluster: Cluster, log: (message: string) => void): Promise<ServerProcess> {
  if (!existsSync(path.join(cluster.dir, 'PG_VERSION'))) {
    log(`Making a new database in ${cluster.dir}.`);
    await initialise(cluster);
  }
  return startServer(cluster);
}

/**
 * The live server once it answers. None while it goes down, after its end. Only an answer proves that it lives: one that
 * was killed a moment ago still has its files and, for some milliseconds, its process.
 */
async function answeringServer({ dir, logFile }: Cluster): Promise<ServerProcess | undefined> {
  const giveUp = Date.now() + ANSWER_PATIENCE_MS;
  for (let server = findServer(dir); server; server = findServer(dir)) {
    if (server.status === 'ready' && (await answers(server))) return server;
    if (Date.now() > giveUp) {
      throw new Error(
        `PostgreSQL (pid ${server.pid}) runs in ${dir}, but has not answered for ${ANSWER_PATIENCE_MS / 1000} s. ` +
          `Look into ${logFile}; \`kill -QUIT ${server.pid}\` ends it, and the next start recovers its data.`,
      );
    }
    await sleep(20);
  }
  return undefined;
}

async function answers(server: ServerProcess): Promise<boolean> {
  const client = await connect(server, 'postgres').catch(() => undefined);
  await client?.end();
  return client !== undefined;
}

async function ensureDatabase(server: ServerProcess): Promise<void> {
  const client = await connect(server, 'postgres');
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function connect(server: ServerProcess, database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: urlOf(server, database), connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // lost while idle: whoever uses it next hears of it
  await client.connect();
  return client;
}

/** Looks after our server every second and starts it again when it is gone, less often when that fails. */
function watchOver(cluster: Cluster, log: (message: string) => void): { end(): Promise<void> } {
  let ended = false;
  let delay = WATCH_MS;
  let busy = Promise.resolve();
  const look = async (): Promise<void> => {
    if (ended || findServer(cluster.dir)) return;
    log('The embedded PostgreSQL is gone; starting it again.');
    try {
      await withStartLock(cluster.dir, async () => (ended ? undefined : provide(cluster, log)));
      delay = WATCH_MS;
    } catch (error) {
      delay = Math.min(delay * 2, WATCH_AT_MOST_MS);
      log(`${(error as Error).message}\nThe next try is in ${delay / 1000} s.`);
    }
  };
  const wait = (): NodeJS.Timeout =>
    setTimeout(() => {
      busy = look().then(() => {
        if (!ended) timer = wait();
      });
    }, delay).unref();
  let timer = wait();
  const end = (): Promise<void> => {
    ended = true;
    clearTimeout(timer);
    return busy;
  };
  return { end };
}

/** A fast shutdown: sessions are ended, everything is written, the next start has nothing to recover. */
async function shutDown(cluster: Cluster, log: (message: string) => void): Promise<void> {
  await withStartLock(cluster.dir, async () => {
    if (!isOwner(cluster.ownerFile)) return; // ours died, and another process started and owns the present one
    const server = findServer(cluster.dir);
    if (server) {
      process.kill(server.pid, 'SIGINT');
      const gone = await waitUntilGone(cluster.dir, server.pid, STOP_PATIENCE_MS);
      if (!gone) log('The embedded PostgreSQL is still writing; it ends by itself.');
      else removeSocketDir(cluster);
    }
    rmSync(cluster.ownerFile, { force: true });
  });
}

function urlOf(server: ServerProcess, database = DATABASE): string {
  return `postgres://postgres@localhost/${database}?host=${encodeURIComponent(server.socketDir)}`;
}
