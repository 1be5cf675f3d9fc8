import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { transpileLauncher, type LauncherProcess, type TranspiledLauncher } from '../support/launcher-process.js';

const INIT_ARGS = ['--no-sync', '--wal-segsize=1'];
const NOBODY = { uid: 65534, gid: 65534 };
const elsewhere = process.env['TEST_DATABASE_URL'] !== undefined;
if (elsewhere) console.log('The embedded PostgreSQL is not tested: TEST_DATABASE_URL names another server.');
const asRoot = process.getuid?.() === 0;
const nobodyMayRun =
  asRoot && spawnSync('test', ['-x', process.execPath, '-a', '-r', import.meta.filename], NOBODY).status === 0;
if (!nobodyMayRun) console.log('Not tried as another user: that needs root, and a checkout that `nobody` can read.');

describe.skipIf(elsewhere)('the embedded PostgreSQL', { timeout: 60_000 }, () => {
  let launcher: TranspiledLauncher;
  let seed: string;
  let scratch: string;
  let dataDir: string;
  let handles: EmbeddedPostgres[];
  let processes: LauncherProcess[];
  let logged: string[];

  beforeAll(async () => {
    launcher = transpileLauncher();
    seed = mkdtempSync(path.join(tmpdir(), 'kuchikomi-seed-'));
    await (await startEmbeddedPostgres({ dataDir: seed, log: () => {}, initArgs: INIT_ARGS })).stop();
  });

  beforeEach(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'kuchikomi-launcher-'));
    chmodSync(scratch, 0o755);
    dataDir = path.join(scratch, 'data');
    handles = [];
    processes = [];
    logged = [];
  });

  afterEach(async () => {
    for (const { child } of processes) child.kill('SIGKILL');
    for (const handle of handles) await handle.stop();
    if (existsSync(dataDir)) await (await startHere()).stop(); // adopts and ends what a killed process left
    rmSync(scratch, { recursive: true, force: true });
  });

  afterAll(() => {
    launcher.remove();
    rmSync(seed, { recursive: true, force: true });
  });

  /** Data of an earlier, properly ended run: half a second less than a first start. */
  function useExistingData(): void {
    execFileSync('cp', ['-a', seed, dataDir]);
  }

  async function startHere(dir = dataDir): Promise<EmbeddedPostgres> {
    const log = (message: string): unknown => logged.push(message);
    const handle = await startEmbeddedPostgres({ dataDir: dir, log, initArgs: INIT_ARGS });
    handles.push(handle);
    return handle;
  }

  async function startThere(as?: typeof NOBODY): Promise<LauncherProcess> {
    const started = await launcher.run(dataDir, as);
    processes.push(started);
    return started;
  }

  test('is made once, keeps its data, and promises durability', async () => {
    const first = await startHere();
    expect(first.startedHere).toBe(true);
    await query(first.url, 'create table kept (word text)');
    await query(first.url, `insert into kept values ('人')`);
    await first.stop();
    await expect(query(first.url, 'select 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    const second = await startHere();
    expect(await query(second.url, 'select word from kept')).toEqual([{ word: '人' }]);
    const settings = `select name, setting from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses') order by name`;
    expect((await query(second.url, settings)).map((row) => row['setting'])).toEqual(['on', 'on', '', 'on']);
    const collation = `select datlocprovider provider, datlocale locale, pg_encoding_to_char(encoding) encoding
      from pg_database where datname = current_database()`;
    expect(await query(second.url, collation)).toEqual([{ provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' }]);
  });

  test('is used by a second start, whose stop leaves it alone', async () => {
    useExistingData();
    const service = await startThere();
    const command = await startHere();
    expect([service.startedHere, command.startedHere]).toEqual([true, false]);
    const before = serverPid();
    await command.stop();
    expect(await query(service.url, 'select 1 one')).toEqual([{ one: 1 }]);
    expect(serverPid()).toBe(before);
    await service.stop();
    expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
  });

  test('is one server after three starts at once', async () => {
    const all = await Promise.all([startThere(), startThere(), startHere()]);
    expect(all.filter((one) => one.startedHere)).toHaveLength(1);
    for (const { url } of all) expect(await query(url, 'select 1 one')).toEqual([{ one: 1 }]);
    expect(new Set(all.map((one) => one.url)).size).toBe(1);
  });

  test('is adopted when its starter was killed', async () => {
    useExistingData();
    const service = await startThere();
    const before = serverPid();
    await kill(service);
    const next = await startHere();
    expect(next.startedHere).toBe(true);
    expect(serverPid()).toBe(before);
    expect(logged).toEqual([expect.stringContaining('Adopted')]);
    await next.stop();
    await expect(query(next.url, 'select 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });

  test('recovers what was committed when both processes were killed', async () => {
    useExistingData();
    const service = await startThere();
    await query(service.url, 'create table kept as select generate_series(1, 1000) n');
    await kill(service);
    process.kill(serverPid(), 'SIGKILL');
    const next = await startHere();
    expect(await query(next.url, 'select count(*)::int n from kept')).toEqual([{ n: 1000 }]);
  });

  test('is started again by its starter when it alone was killed', async () => {
    useExistingData();
    const service = await startHere();
    await query(service.url, 'create table kept as select 1 n');
    process.kill(serverPid(), 'SIGKILL');
    const read = (): Promise<unknown> => query(service.url, 'select n from kept');
    await vi.waitFor(async () => expect(await read()).toEqual([{ n: 1 }]), { timeout: 60_000, interval: 100 });
    await service.stop();
    await expect(read()).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });

  test('starts although its dead server is still a zombie', async () => {
    useExistingData();
    const service = await startThere();
    service.child.kill('SIGSTOP'); // cannot bury its child now
    process.kill(serverPid(), 'SIGKILL');
    const next = await startHere();
    expect(next.startedHere).toBe(true);
    expect(await query(next.url, 'select 1 one')).toEqual([{ one: 1 }]);
  });

  test('starts although a foreign process has the number in its lock files', async () => {
    useExistingData();
    const service = await startThere();
    const lockFile = path.join(dataDir, 'postgres/postmaster.pid');
    const lines = readFileSync(lockFile, 'utf8').split('\n');
    await kill(service);
    process.kill(Number(lines[0]), 'SIGKILL');
    const foreign = spawn('sleep', ['60']);
    for (const file of [lockFile, path.join(dataDir, 'postgres/.s.PGSQL.5432.lock')]) {
      writeFileSync(file, [foreign.pid, ...lines.slice(1)].join('\n'));
    }
    const next = await startHere();
    expect(await query(next.url, 'select 1 one')).toEqual([{ one: 1 }]);
    expect(foreign.exitCode).toBeNull();
    foreign.kill();
  });

  test('is made anew where the making was killed half way', async () => {
    mkdirSync(path.join(dataDir, 'postgres.new/base'), { recursive: true });
    writeFileSync(path.join(dataDir, 'postgres.new/PG_VERSION'), '18\n');
    expect(await query((await startHere()).url, 'select 1 one')).toEqual([{ one: 1 }]);
  });

  test('lives under a path too long for a socket, with spaces', async () => {
    const long = path.join(scratch, 'a directory '.repeat(8).trim(), "of Ana's");
    const first = await startHere(long);
    expect(await query(first.url, 'select 1 one')).toEqual([{ one: 1 }]);
    expect((await startHere(long)).startedHere).toBe(false);
    await first.stop();
    expect(existsSync(new URL(first.url).searchParams.get('host') ?? '')).toBe(false);
  });

  test('says what is wrong with data that it cannot use', async () => {
    mkdirSync(path.join(dataDir, 'postgres'), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(dataDir, 'postgres/foreign'), '');
    await expect(startHere()).rejects.toThrow(/holds something else/);
    writeFileSync(path.join(dataDir, 'postgres/PG_VERSION'), '14\n');
    writeFileSync(path.join(dataDir, 'postgres/postgresql.conf'), '');
    await expect(startHere()).rejects.toThrow(/did not start in .*\n(.*\n)*.*another major version/);
    rmSync(dataDir, { recursive: true });
  });

  test.skipIf(!nobodyMayRun)('runs for an ordinary user, and root works on that data too', async () => {
    useExistingData();
    execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, dataDir]);
    const service = await startThere(NOBODY);
    await query(service.url, 'create table kept as select 1 n');
    expect((await startHere()).startedHere).toBe(false);
    await service.stop();
    const root = await startHere();
    expect(await query(root.url, 'select n from kept')).toEqual([{ n: 1 }]);
    await root.stop();
    const again = await startThere(NOBODY);
    expect(await query(again.url, 'select n from kept')).toEqual([{ n: 1 }]);
    await again.stop();
  });

  function serverPid(): number {
    return Number(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  }
});

async function kill({ child }: LauncherProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // the server is killed under some of them
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
