import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../support/built-service.js';
import { databaseUrl } from '../support/database.js';
import { startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const app = await startApp();
const folder = mkdtempSync(path.join(tmpdir(), 'kuchikomi-cli-'));

beforeAll(() => build(), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENV = {
  PATH: process.env.PATH ?? '',
  INIT_CWD: folder,
  DATABASE_URL: databaseUrl(),
  DATA_DIR: path.join(folder, 'data'),
  SECRET_KEY: 'a secret of the tests that is long enough',
  PUBLIC_URL: 'https://letters.example',
};

interface Ended {
  code: number | null;
  out: string;
  err: string;
  /** The most memory that the process ever held, in MB. */
  peak: number;
}

function start(args: string[], nodeOptions: string[] = []): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...nodeOptions, path.join(ROOT, 'dist/src/cli.js'), ...args], {
    env: ENV,
  });
  let [out, err, peak] = ['', '', 0];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 50);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      clearInterval(watch);
      resolve({ code, out, err, peak });
    });
  });
  return { child, ended };
}

/** The kernel's own high-water mark; 0 where there is no /proc. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000;
  } catch {
    return 0;
  }
}

const run = (...args: string[]) => start(args).ended;
const importOf = (file: string, publication: TestPublication, ...more: string[]) => [
  ...['import', file, '--publication', publication.slug, '--consent', 'the demo', ...more],
];

describe('the command line', { timeout: 600_000 }, () => {
  test('writes believable readers, takes them in with a verdict each, and writes them out with their links', async () => {
    const publication = await newPublication(app);
    expect((await run('demo-readers', '3000', '--out', 'readers.csv')).code).toBe(0);
    const made = readFileSync(path.join(folder, 'readers.csv'), 'utf8');
    expect(made.charCodeAt(0)).toBe(0xfeff);
    const dry = await run(...importOf('readers.csv', publication, '--dry-run', '--verdicts', 'dry.csv'));
    expect([dry.code, dry.err]).toEqual([0, '']); // no bar where there is no terminal
    expect(await app.rows('select 1 from subscribers where publication_id = $1', [publication.id])).toEqual([]);
    const done = await run(...importOf('readers.csv', publication, '--verdicts', 'rows.csv'));
    expect([done.code, done.err]).toEqual([0, '']);
    expect(done.out).toMatch(/^3000 rows: \d+ imported, \d+ skipped, \d+ failed\n/);
    const verdictsOf = (file: string) =>
      parse<{ verdict: string }>(readFileSync(path.join(folder, file)), { columns: true }).map(
        ({ verdict }) => verdict,
      );
    expect(verdictsOf('rows.csv')).toHaveLength(3000);
    expect(verdictsOf('dry.csv')).toEqual(verdictsOf('rows.csv'));
    expect(new Set(verdictsOf('rows.csv'))).toContain('alias');
    const again = await run(...importOf('readers.csv', publication));
    expect(again.out).toMatch(/^3000 rows: 0 imported/);
    const { code, out } = await run('export', '--publication', publication.slug);
    const readers = parse<Record<string, string>>(out, { columns: true });
    const [count] = await app.rows('select count(*)::int from subscribers where publication_id = $1', [publication.id]);
    expect([code, readers.length]).toEqual([0, count!.count]);
    expect(readers[0]!.shareUrl).toMatch(/^https:\/\/letters\.example\/r\//);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const none = await run('export', '--publication', publication.slug, '--changed-after', later);
    expect(none.out.trim().split('\n')).toHaveLength(1);
  });

  test('says what is wrong, and with which code', async () => {
    const publication = await newPublication(app);
    const missing = await run(...importOf('nowhere.csv', publication));
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('There is no file')]);
    await run('demo-readers', '5', '--out', 'five.csv');
    const unknown = await run('import', 'five.csv', '--publication', 'nobody', '--consent', 'x');
    expect([unknown.code, unknown.err]).toEqual([1, 'There is no publication with the slug nobody.\n']);
    const mapping = await run(...importOf('five.csv', publication, '--mapping', 'email=shoe'));
    expect([mapping.code, mapping.err]).toEqual([1, expect.stringContaining('--mapping')]);
    expect((await run('import', 'five.csv')).err).toContain('--publication');
  });

  test('reconciles: ends with 0 where all fits, with 1 where something does not, and with 0 again once that is rebuilt', async () => {
    const publication = await newPublication(app);
    const reader = await publication.reader();
    await publication.verifiedFriend(reader.code);
    const reconcile = (...more: string[]) => run('reconcile', '--publication', publication.slug, ...more);
    expect(await reconcile()).toMatchObject({ code: 0, out: '0 drift\n', err: '' });
    await app.rows('update stage_counts set count = 7 where publication_id = $1', [publication.id]);
    const found = { drift: 'count', found: 'verified in season 1: 7, facts 1' };
    const { code, out } = await reconcile('--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { rebuilt: [], drift: [found] }]);
    const rebuilt = await reconcile('--rebuild');
    expect(rebuilt).toMatchObject({ code: 0, out: expect.stringMatching(/^rebuilt 1\n.*\n0 drift\n$/) });
  });

  test('killed in the middle, three times, it is gone on with: nobody twice, nobody missing, no count off', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 3 });
    const codes = (await run('demo-readers', '25000', '--out', '-')).out.replaceAll('demo-', 'kill-');
    writeFileSync(path.join(folder, 'kill.csv'), codes);
    const at = async () => {
      const [run] = await app.rows<{ phase: string; atRow: number; state: string }>(
        'select phase, at_row, state from imports where publication_id = $1 order by created_at limit 1',
        [publication.id],
      );
      return run;
    };
    const stops = [];
    for (const phase of ['readers', 'readers', 'referrals']) {
      const before = await at();
      const { child, ended } = start(importOf(stops.length === 0 ? 'kill.csv' : 'five.csv', publication));
      for (;;) {
        const now = await at();
        if (now?.phase === phase && now.atRow > 0 && now.atRow !== before?.atRow) break;
        if (now?.state === 'done' || child.exitCode !== null) break;
        await sleep(5);
      }
      child.kill('SIGKILL');
      await ended;
      stops.push(await at());
    }
    console.log(`killed at ${stops.map((stop) => `${stop?.phase} ${stop?.atRow}`).join(', ')}`);
    expect(stops[0]).toMatchObject({ state: 'running', phase: 'readers' });
    const rest = await run(...importOf('kill.csv', publication));
    expect(rest.out).toMatch(/^25000 rows: 0 imported/);
    const [first] = await app.rows<{ state: string; total: number; verdicts: Record<string, number> }>(
      'select state, total, verdicts from imports where publication_id = $1 order by created_at limit 1',
      [publication.id],
    );
    expect([first!.state, Object.values(first!.verdicts).reduce((a, b) => a + b)]).toEqual(['done', 25_000]);
    const [sums] = await app.rows(
      `select count(*)::int as readers, count(distinct s.email_key)::int as addresses,
         (select count(*)::int from consents where publication_id = $1) as consents,
         (select count(*)::int from participants where publication_id = $1) as participants,
         (select count(*)::int from share_codes where publication_id = $1) as codes,
         (select sum(count)::int from stage_counts where publication_id = $1) as counted,
         (select count(*)::int from referrals where publication_id = $1 and state = 'verified')
           + (select sum(delta)::int from referral_adjustments where publication_id = $1) as facts
       from subscribers s where publication_id = $1`,
      [publication.id],
    );
    const { readers } = sums!;
    expect(sums).toMatchObject({ addresses: readers, consents: readers, participants: readers, codes: readers });
    expect(sums!.counted).toBe(sums!.facts);
    const twice = await app.rows(
      `select subscriber_id from grants where publication_id = $1 group by milestone_id, subscriber_id, occurrence having count(*) > 1`,
      [publication.id],
    );
    expect(twice).toEqual([]);
  });

  test('takes in a file of 100 MB with a heap that has no room for it', async () => {
    const publication = await newPublication(app);
    await run('demo-readers', '20000', '--out', 'short.csv');
    const [head, ...readers] = parse(readFileSync(path.join(folder, 'short.csv')), {
      bom: true,
      relax_column_count: true,
    });
    const rows = [
      [...head!, 'notes'],
      ...readers.map((reader) => [...reader, ...head!.slice(reader.length).map(() => ''), 'n'.repeat(5_000)]),
    ];
    const lines = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','));
    writeFileSync(path.join(folder, 'large.csv'), lines.join('\n'));
    // Left alone Node lets a heap grow before it collects, by how busy the machine is: a limit says what is needed. 40 MB
    // are too few for the program itself.
    const { code, out, err, peak } = await start(importOf('large.csv', publication), ['--max-old-space-size=96']).ended;
    expect([code, err, out]).toEqual([0, '', expect.stringContaining('20000 rows')]);
    expect(peak).toBeLessThan(300);
  });
});
