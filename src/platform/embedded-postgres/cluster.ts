import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  chooseAccount,
  explainFailure,
  findBinaries,
  handOver,
  spawnAs,
  type Account,
  type Binaries,
} from './binaries.js';
import { clearDeadServer, clusterName, findServer, type ServerProcess } from './server-process.js';

/** Where an embedded installation keeps its database, and what runs it. */
export interface Cluster {
  dir: string;
  socketDir: string;
  logFile: string;
  ownerFile: string;
  account: Account;
  binaries: Binaries;
  initArgs: string[];
  serverArgs: string[];
}

/** A socket's path has to fit into 104 bytes on macOS and 108 on Linux, with `/.s.PGSQL.5432` and a closing NUL. */
const LONGEST_SOCKET_DIR = 104 - '/.s.PGSQL.5432'.length - 1;
const LOG_KEEP_BYTES = 10_000_000;
/** Recovery after a kill -9 replays at most max_wal_size, 1 GB: seconds, on a slow disk a minute. */
const START_PATIENCE_MS = 100_000;

/**
 * Settings of every server. ERROR and WARNING are answered to the service, which logs them its own way; here they would
 * repeat readers' addresses. TCP is off: who may enter the directory of mode 0700 may connect.
 */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  logging_collector: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  max_connections: '60',
  timezone: 'UTC',
};

export async function describeCluster(
  dataDir: string,
  extra: { initArgs?: string[]; serverArgs?: string[] },
): Promise<Cluster> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const home = realpathSync(dataDir); // one DATA_DIR has one name, by whatever link it was reached
  const dir = path.join(home, 'postgres');
  const account = chooseAccount(dir);
  letPass(home, account);
  return {
    dir,
    socketDir: chooseSocketDir(dir),
    logFile: path.join(home, 'postgres.log'),
    ownerFile: path.join(home, 'postgres-owner.json'),
    account,
    binaries: await findBinaries(),
    initArgs: extra.initArgs ?? [],
    serverArgs: extra.serverArgs ?? [],
  };
}

/** Root's DATA_DIR must let another user through to the cluster. They may enter, not list; all files in it are private. */
function letPass(home: string, account: Account): void {
  const { uid, mode } = statSync(home);
  if (account.uid !== undefined && account.uid !== uid) chmodSync(home, (mode & 0o777) | 0o011);
}

function chooseSocketDir(dir: string): string {
  if (Buffer.byteLength(dir) <= LONGEST_SOCKET_DIR) return dir;
  const name = `${clusterName(dir)}-${process.getuid?.() ?? 0}`;
  return path.join(tmpdir(), name);
}

/** Makes an empty cluster, in a neighbouring directory first: a killed initdb must not look like a finished one. */
export async function initialise(cluster: Cluster): Promise<void> {
  if (existsSync(cluster.dir) && readdirSync(cluster.dir).length > 0) {
    throw new Error(
      `${cluster.dir} holds something else than a PostgreSQL database. Choose another DATA_DIR, or move that away.`,
    );
  }
  const fresh = `${cluster.dir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  handOver(fresh, cluster.account);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['-D', fresh, '-U', 'postgres', '--auth=trust', '--no-instructions', ...locale, ...cluster.initArgs];
  const { code, said } = await runToEnd(cluster.account, cluster.binaries.initdb, args);
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw explainFailure(
      `PostgreSQL could not make its data directory ${cluster.dir}:`,
      said,
      cluster.dir,
      cluster.account,
    );
  }
  renameSync(fresh, cluster.dir);
}

function runToEnd(account: Account, program: string, args: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawnAs(account, program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', (error) => resolve({ code: null, said: error.message }));
    child.once('close', (code) => resolve({ code, said }));
  });
}

/** Starts the server of a directory that has no live one, and waits until it takes connections. */
export async function startServer(cluster: Cluster): Promise<ServerProcess> {
  handOver(cluster.dir, cluster.account);
  prepareSocketDir(cluster);
  await clearDeadServer(cluster.dir, cluster.socketDir);
  rotateLog(cluster.logFile);
  const logged = existsSync(cluster.logFile) ? statSync(cluster.logFile).size : 0;
  const state = spawnServer(cluster);
  const giveUp = Date.now() + START_PATIENCE_MS;
  while (!state.ended && Date.now() < giveUp) {
    const server = findServer(cluster.dir);
    if (server?.status === 'ready') return server;
    await sleep(10);
  }
  const said = readFileSync(cluster.logFile).subarray(logged).toString() + (state.error ?? '');
  throw explainFailure(`PostgreSQL did not start in ${cluster.dir}:`, said, cluster.dir, cluster.account);
}

/**
 * Detached, so that Ctrl-C reaches the service and not the database under it; and its log is a file, not a pipe of ours,
 * so that it outlives a kill -9 of the service.
 */
function spawnServer(cluster: Cluster): { ended: boolean; error?: string } {
  const settings = { ...SETTINGS, unix_socket_directories: cluster.socketDir, cluster_name: clusterName(cluster.dir) };
  const asArgs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', cluster.dir, '-p', '5432', ...asArgs, ...cluster.serverArgs];
  const log = openSync(cluster.logFile, 'a', 0o600);
  const child = spawnAs(cluster.account, cluster.binaries.postgres, args, {
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const state: { ended: boolean; error?: string } = { ended: false };
  child.once('exit', () => (state.ended = true));
  child.once('error', (error) => Object.assign(state, { ended: true, error: error.message }));
  child.unref();
  return state;
}

/** The fallback in the world's /tmp must be ours alone: a stranger who made it first could answer as our database. */
function prepareSocketDir({ dir, socketDir, account }: Cluster): void {
  if (socketDir === dir) return;
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  const found = lstatSync(socketDir);
  const mine = found.uid === process.getuid?.() || found.uid === account.uid;
  if (!found.isDirectory() || !mine || (found.mode & 0o077) !== 0) {
    throw new Error(
      `${socketDir} is not a private directory of ours. Remove it, or choose a DATA_DIR with a path under 80 bytes.`,
    );
  }
  handOver(socketDir, account);
}

function rotateLog(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > LOG_KEEP_BYTES) renameSync(logFile, `${logFile}.1`);
}

/** Deletes what exists of the fallback directory for sockets. The cluster's own directory holds data and stays. */
export function removeSocketDir({ dir, socketDir }: Cluster): void {
  if (socketDir !== dir) rmSync(socketDir, { recursive: true, force: true });
}
