import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running server as its postmaster.pid tells of it. */
export interface ServerProcess {
  pid: number;
  /** `starting`, `ready` or `stopping`. */
  status: string;
  socketDir: string;
}

/** The process that must stop the server. The start time tells it from a later process with the same number. */
interface Owner {
  pid: number;
  startTime: string;
}

/**
 * The server's `cluster_name`. It stands in the command line of the server and of each of its children, which is how
 * they are told from a foreign process that got their number after a kill -9. (The working directory would tell too, but
 * root in a container may not read that of another user's process.)
 */
export function clusterName(dir: string): string {
  return `kuchikomi-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`;
}

/** The live server of `dir`, or undefined. A zombie, and a foreign process with a reused number, are no server. */
export function findServer(dir: string): ServerProcess | undefined {
  const lines = readIfThere(path.join(dir, 'postmaster.pid'))?.split('\n');
  const pid = Number(lines?.[0]);
  if (!lines || !(pid > 0) || !belongsTo(dir, commandLine(pid))) return undefined;
  return { pid, status: (lines[7] ?? '').trim() || 'starting', socketDir: lines[4] ?? '' };
}

/**
 * Makes `dir`, which has no live server, ready for a new one: waits for orphaned children of a killed server, who may
 * still write, and only then removes the lock files, which PostgreSQL would take for a live server's if another process
 * has got the number in them.
 */
export async function clearDeadServer(dir: string, socketDir: string): Promise<void> {
  const giveUp = Date.now() + 20_000;
  for (let left = processesOf(dir); left.length > 0; left = processesOf(dir)) {
    if (Date.now() > giveUp) {
      throw new Error(
        `Processes of a killed PostgreSQL still work on ${dir}: end them (kill ${left.join(' ')}) and start again.`,
      );
    }
    await sleep(50);
  }
  for (const file of [path.join(dir, 'postmaster.pid'), path.join(socketDir, '.s.PGSQL.5432.lock')]) {
    rmSync(file, { force: true });
  }
}

/** Waits until the process is gone. False if it is still there after `patienceMs`. */
export async function waitUntilGone(dir: string, pid: number, patienceMs: number): Promise<boolean> {
  const giveUp = Date.now() + patienceMs;
  while (belongsTo(dir, commandLine(pid))) {
    if (Date.now() > giveUp) return false;
    await sleep(10);
  }
  return true;
}

/** True if the process that wrote the owner file still runs. */
export function hasLiveOwner(file: string): boolean {
  const owner = readOwner(file);
  return owner !== undefined && isRunning(owner.pid) && startTime(owner.pid) === owner.startTime;
}

/** True if this very process wrote the owner file. */
export function isOwner(file: string): boolean {
  return readOwner(file)?.pid === process.pid && hasLiveOwner(file);
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readIfThere(file) ?? '') as Owner;
  } catch {
    return undefined; // half written by a process that was killed while writing
  }
}

export function writeOwner(file: string): void {
  const owner: Owner = { pid: process.pid, startTime: startTime(process.pid) };
  writeFileSync(file, JSON.stringify(owner), { mode: 0o600 });
}

function processesOf(dir: string): number[] {
  return allCommandLines()
    .filter(([, command]) => belongsTo(dir, command))
    .map(([pid]) => pid);
}

/** A server is `/…/postgres -D … -c cluster_name=X`, its children call themselves `postgres: X: checkpointer`. */
function belongsTo(dir: string, command: string): boolean {
  const name = clusterName(dir);
  return (
    command.startsWith(`postgres: ${name}:`) ||
    (/\/postgres[\0 ]/.test(command) && command.includes(`cluster_name=${name}`))
  );
}

/** A process' command line; '' for none, for a zombie, and for one we may not look at. */
function commandLine(pid: number): string {
  if (process.platform === 'linux') return readIfThere(`/proc/${pid}/cmdline`) ?? '';
  return allCommandLines().find(([other]) => other === pid)?.[1] ?? '';
}

function allCommandLines(): [number, string][] {
  if (process.platform === 'linux') {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return pids.map((pid) => [pid, commandLine(pid)]);
  }
  const listing = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).stdout;
  return [...listing.matchAll(/^\s*(\d+) (.*)$/gm)].map(([, pid, command = '']) => [Number(pid), command]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readIfThere(`/proc/${pid}/status`) ?? '');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Clock ticks from boot to the start of the process (proc(5), field 22); '' where there is no /proc. */
function startTime(pid: number): string {
  const stat = readIfThere(`/proc/${pid}/stat`) ?? '';
  // The second field, the program's name, may itself hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
