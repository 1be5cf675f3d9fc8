import { execFileSync } from 'node:child_process';
import { chmodSync, createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { freePort, ServiceProcess } from '../support/service.js';

/*
 * A large file through the API, while the service is killed. With ROWS alone: the same at 40,000 rows, through the command
 * line, is in test/e2e/command-line.e2e.ts.
 */

const ROWS = Number(process.env.ROWS ?? 0);
const KILLS = 12;
const CLI = path.resolve(import.meta.dirname, '../../dist/src/cli.js');
/** All that an import may write, but for itself and its rows. */
const TABLES = [
  ...['subscribers', 'consents', 'participants', 'share_codes', 'referrals', 'referral_events', 'referral_stages'],
  ...['stage_counts', 'referral_adjustments', 'grants', 'ledger_entries', 'mails'],
];

const folder = mkdtempSync(path.join(tmpdir(), 'kuchikomi-import-'));
const file = path.join(folder, 'readers.csv');
let postgres: EmbeddedPostgres | undefined;
let service: ServiceProcess | undefined;
let database: pg.Client;
let key = '';

beforeAll(async () => {
  if (ROWS === 0) return;
  chmodSync(folder, 0o711);
  await ensureBuilt();
  postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, 'data'), log: () => undefined });
  database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
  execFileSync(process.execPath, [CLI, 'demo-readers', String(ROWS), '--out', file]);
  const env = { DATABASE_URL: postgres.url, SECRET_KEY: 'a secret of the soak test that is long enough' };
  service = new ServiceProcess(await freePort(), { ...env, DATA_DIR: path.join(folder, 'own') });
  await service.start();
}, 240_000);

afterAll(async () => {
  await service?.end('SIGTERM');
  if (postgres !== undefined) await database.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Import {
  id: string;
  state: string;
  phase: string;
  total: number;
  done: number;
  error: string | null;
  imported: number;
  skipped: number;
  failed: number;
  verdicts: Record<string, number>;
}

async function call<T>(method: string, route: string, body?: object): Promise<T> {
  const answer = await fetch(`${service!.url}/api/v1${route}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${route} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function upload(more = ''): Promise<Import> {
  const answer = await fetch(`${service!.url}/api/v1/imports?consent=soak${more}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
    body: Readable.toWeb(createReadStream(file)) as ReadableStream,
    duplex: 'half',
  });
  expect(answer.status).toBe(202);
  return (await answer.json()) as Import;
}

async function finished(id: string): Promise<Import> {
  for (;;) {
    const now = await call<Import>('GET', `/imports/${id}`);
    if (now.state === 'done' || now.state === 'failed') return now;
    await sleep(200);
  }
}

async function row<T extends object>(sql: string): Promise<T> {
  return (await database.query<T>(sql)).rows[0]!;
}

/** Each table as a number that any change of any row would change. */
async function everything(): Promise<string[]> {
  const states: string[] = [];
  for (const table of TABLES) {
    const { state } = await row<{ state: string }>(
      `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as state from ${table} t`,
    );
    states.push(`${table} ${state}`);
  }
  return states;
}

async function makePublication(): Promise<void> {
  key = service!.operatorKey;
  const settings = { slug: 'soak', name: 'Soak', siteUrl: 'https://soak.example', fromEmail: 'hello@soak.example' };
  key = (await call<{ apiKey: { secret: string } }>('POST', '/publications', settings)).apiKey.secret;
  const { id: rewardId } = await call<{ id: string }>('POST', '/rewards', { kind: 'custom', name: 'Mug' });
  const milestone = { name: 'Three', stage: 'verified', threshold: 3, recipient: 'referrer', rewardId, past: 'grant' };
  await call('POST', '/programs/default/milestones', milestone);
}

async function progress(id: string): Promise<string> {
  return (await row<{ at: string }>(`select phase || ' ' || at_row as at from imports where id = '${id}'`)).at;
}

/** Kills the service in the middle of the upload, then so often while it takes the file in; answers the import at its end and where it was killed. */
async function takenInUnderKills(): Promise<{ end: Import; stops: string[] }> {
  const cut = upload().catch(() => null);
  await sleep(500 + Math.random() * 2_000);
  await service!.end('SIGKILL');
  const staged = await cut;
  await service!.start();
  const stops = staged === null ? ['upload'] : [];
  const { id } = staged ?? (await upload());
  for (let last = ''; stops.length < KILLS; last = stops.at(-1)!) {
    // Not twice at the same place: a kill undoes a batch, and the next would come before it is done again.
    while ((await progress(id)) === last) await sleep(50);
    await sleep(Math.random() * Math.max(500, ROWS / 100));
    await service!.end('SIGKILL');
    stops.push(await progress(id));
    await service!.start();
    if (stops.at(-1)!.startsWith('end')) break;
  }
  return { end: await finished(id), stops };
}

test.runIf(ROWS > 0)(
  `${ROWS} readers under kill -9: nobody twice, nobody missing; the same file again changes nothing`,
  { timeout: 3 * 60 * 60_000 },
  async () => {
    await makePublication();
    const dry = await finished((await upload('&dryRun=true')).id);
    const { end, stops } = await takenInUnderKills();
    console.log(`killed at ${stops.join(', ')}; ${JSON.stringify(end.verdicts)}`);
    expect([end.state, end.error, end.total]).toEqual(['done', null, dry.total]);
    expect(end.verdicts).toEqual(dry.verdicts);
    expect(end.imported + end.skipped + end.failed).toBe(end.total);
    const sums = await row<Record<string, number>>(
      `select count(*)::int as readers, count(distinct email_key)::int as addresses, ${end.imported} as imported,
         (select count(*)::int from consents) as consents, (select count(*)::int from participants) as participants,
         (select count(*)::int from share_codes) as codes from subscribers`,
    );
    expect(new Set(Object.values(sums))).toEqual(new Set([end.imported]));
    const counts = await row(
      `select (select sum(count)::int from stage_counts) = (select count(*)::int from referrals where state = 'verified')
           + (select sum(delta)::int from referral_adjustments) as add_up,
         (select count(*)::int from grants) as grants,
         (select count(*)::int from (select distinct milestone_id, subscriber_id, occurrence from grants) g) as different`,
    );
    expect(counts).toMatchObject({ add_up: true });
    expect(counts).toHaveProperty('different', (counts as { grants: number }).grants);
    const before = await everything();
    const again = await finished((await upload()).id);
    expect([again.state, again.imported]).toEqual(['done', 0]);
    expect(await everything()).toEqual(before);
  },
);
