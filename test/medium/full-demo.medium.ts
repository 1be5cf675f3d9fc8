import 'reflect-metadata';
import { beforeAll, describe, expect, it } from 'vitest';
import { fillDemo } from '../../src/cli/demo.js';
import { fillFullDemo } from '../../src/cli/demo-full.js';
import { READERS } from '../../src/cli/demo/cast.js';
import { ALL_CONTENTS, FULL_LADDER, FULL_SLUG, LATE_RUNG } from '../../src/cli/demo/full/publication.js';
import { fullStory } from '../../src/cli/demo/full/story.js';
import { StartError } from '../../src/platform/start-error.js';
import type { Stock } from '../../src/reports/stock-taking.store.js';
import { demoGround, tally } from '../support/demo.js';

const { config, count, empty, foundation, killTheFillInTheMiddle, query } = await demoGround();

const NOON = new Date('2026-11-21T12:00:00Z');
const FEW = 120;

/** What a person would notice, with times as seconds before the midnight that ends the story. */
async function snapshot(now: Date) {
  const end = now.toISOString().slice(0, 10);
  const second = (column: string) => `extract(epoch from ${column} - '${end}'::timestamp at time zone 'UTC')::float8`;
  return {
    readers: await query<{ code: string }>(
      `select email, first_name, locale, s.status, code, ${second('s.created_at')} joined from subscribers s
       join participants p on p.subscriber_id = s.id join share_codes c on c.participant_id = p.id order by email, code`,
    ),
    referrals: await query(
      `select email, state, reasons, channel, slug, ${second('r.created_at')} made, ${second('verified_at')} verified from referrals r
       join subscribers s on s.id = referred_id left join contents c on c.id = content_id order by email`,
    ),
    clicks: await query(
      `select class, channel, slug, ${second('at')} as at from clicks left join contents on contents.id = content_id order by 4, 1, 2, 3`,
    ),
    grants: await query(
      `select email, w.name, g.status, g.reason, c.code, ${second('due_at')} due, ${second('sent_at')} sent from grants g
       join subscribers s on s.id = g.subscriber_id join rewards w on w.id = g.reward_id
       left join coupon_codes c on c.grant_id = g.id order by email, w.name, due`,
    ),
  };
}

/** The contents of every table, by their hash. */
async function everything(where = ''): Promise<Record<string, string>> {
  const tables = await query<{ name: string; own: boolean }>(
    `select table_name as name, bool_or(column_name = 'publication_id') as own from information_schema.columns
     where table_schema = 'public' group by 1 order by 1`,
  );
  const parts = tables
    .filter(({ own }) => own || where === '')
    .map(
      ({ name }) =>
        `select '${name}' as name, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as hash from ${name} t ${where}`,
    );
  const hashes = await query<{ name: string; hash: string }>(parts.join(' union all '));
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash]));
}

describe('a short full demo', () => {
  it('leaves nothing behind when it is killed, and is whole and the same after any later run', async () => {
    const killed = fillFullDemo(foundation, { now: NOON, readers: FEW }).catch((error: unknown) => error);
    await killTheFillInTheMiddle();
    expect(await killed).toBeInstanceOf(Error);
    for (const table of ['publications', 'subscribers', 'imports', 'clicks', 'grants', 'mails', 'mail_limits']) {
      expect(await count(table), table).toBe(0);
    }
    expect(await fillFullDemo(foundation, { now: NOON, readers: FEW })).not.toBeNull();
    const first = await snapshot(NOON);
    await empty();
    const later = new Date('2027-03-29T00:00:30Z');
    await fillFullDemo(foundation, { now: later, readers: FEW });
    expect(await snapshot(later)).toEqual(first);
    expect(new Set(first.readers.map(({ code }) => code)).size).toBe(FEW);
  });

  it('is made once by two processes that start together', async () => {
    await empty();
    const options = { now: NOON, readers: FEW };
    const results = await Promise.all([fillFullDemo(foundation, options), fillFullDemo(foundation, options)]);
    expect(results.filter((stock) => stock !== null)).toHaveLength(1);
    expect(await count('subscribers')).toBe(FEW);
  });

  it('is refused where a mail server would get its mails', async () => {
    await empty();
    const withSmtp = { ...foundation, config: config({ SMTP_URL: 'smtp://127.0.0.1:1', DEV_TOOLS: 'off' }) };
    await expect(fillFullDemo(withSmtp)).rejects.toThrow(StartError);
    expect(await count('publications')).toBe(0);
  });
});

describe('the full demo', () => {
  let id: string;
  let stock: Stock[];
  let others: { before: Record<string, string>; after: Record<string, string> };

  beforeAll(async () => {
    await empty();
    await fillDemo(foundation, NOON);
    // Work of another publication, which is not the demo's to do.
    await query(`update mails set state = 'waiting' where message = 'welcome'`);
    await query(`update grants set status = 'due', sent_at = null`);
    await query(`update referrals set state = 'pending', created_at = '2026-01-01' where state = 'expired'`);
    const [small] = await query<{ id: string }>(`select id from publications`);
    const ofOthers = () => everything(`where publication_id = '${small!.id}'`);
    const before = await ofOthers();
    stock = (await fillFullDemo(foundation, { now: NOON }))!;
    others = { before, after: await ofOthers() };
    id = (await query<{ id: string }>(`select id from publications where slug = $1`, [FULL_SLUG]))[0]!.id;
  }, 600_000);

  const states = (of: Stock['of']) =>
    Object.fromEntries(stock.filter((row) => row.of === of).map(({ state, count: n }) => [state, n]));
  const all = <Row>(what: string) => query<Row>(`select t.* from ${what} t where t.publication_id = $1`, [id]);

  it('has every state that something makes today', async () => {
    expect(Object.keys(states('readers')).sort()).toEqual(['active', 'bounced', 'erased', 'pending', 'unsubscribed']);
    expect(Object.keys(states('referrals')).sort()).toEqual(['expired', 'held', 'pending', 'rejected', 'verified']);
    const statuses = ['awaiting_approval', 'due', 'fulfilled', 'out_of_stock', 'revoked', 'sent'];
    expect(Object.keys(states('grants')).sort()).toEqual(statuses);
    expect(Object.keys(states('clicks')).sort()).toEqual(['bot', 'human', 'prefetch', 'repeat', 'self']);
    const reasons = await query<{ code: string }>(
      `select distinct reasons->0->>'code' as code from referrals where publication_id = $1 and state = 'rejected' order by 1`,
      [id],
    );
    expect(reasons.map(({ code }) => code)).toEqual([
      ...[
        'alias_of_existing',
        'alias_of_referrer',
        'already_subscribed',
        'disposable_domain',
        'left_in_delay',
        'self_referral',
      ],
    ]);
    const [run] = await all<{ state: string; verdicts: Record<string, number> }>('imports');
    expect(run!.state).toBe('done');
    expect(Object.keys(run!.verdicts).sort()).toEqual([
      'duplicate_in_file',
      'imported',
      'invalid_columns',
      'invalid_email',
    ]);
  });

  it('counts as a recount does', async () => {
    const story = fullStory(2_000);
    const readers = await all<{ id: string; email: string; status: string; locale: string }>('subscribers');
    expect(readers).toHaveLength(2_000);
    expect(tally(readers.map(({ status }) => status))).toEqual(states('readers'));
    expect(readers.filter(({ locale }) => locale === 'ja').length / 2_000).toBeCloseTo(1 / 3, 1);
    const emails = new Set(readers.map(({ email }) => email));
    expect(Object.values(READERS).filter(({ email }) => !emails.has(email))).toEqual([]);

    const clicked = story.steps.filter(({ act }) => act === 'click').map(() => 'human');
    expect(states('clicks')).toEqual(tally([...story.visits.map((visit) => visit.class as string), ...clicked]));
    expect(Object.values(states('contents')).reduce((a, b) => a + b)).toBe(ALL_CONTENTS.length);

    const referrals = await all<{ id: string; referrer_id: string; state: string; confirmed_at: Date | null }>(
      'referrals',
    );
    expect(tally(referrals.map(({ state }) => state))).toEqual(states('referrals'));
    const verified = referrals.filter(({ state }) => state === 'verified');
    const counts = await all<{ participant_id: string; count: number }>('stage_counts');
    expect(Object.fromEntries(counts.map((row) => [row.participant_id, row.count]))).toEqual(
      tally(verified.map((row) => row.referrer_id)),
    );
    expect(await rungs()).toEqual(expectedRungs(counts.map((row) => row.count)));
  });

  it('owes what its ledger says, and gave each code once', async () => {
    const grants = await query<{ status: string; kind: string; owed: number; codes: number }>(
      `select g.status, w.kind, (select coalesce(sum(quantity), 0)::int from ledger_entries l where l.grant_id = g.id) as owed,
         (select count(*)::int from coupon_codes c where c.grant_id = g.id) as codes
       from grants g join rewards w on w.id = g.reward_id where g.publication_id = $1`,
      [id],
    );
    expect(tally(grants.map(({ status }) => status))).toEqual(states('grants'));
    for (const { status, kind, owed, codes } of grants) {
      expect(owed).toBe(status === 'awaiting_approval' || status === 'revoked' ? 0 : 1);
      expect(codes).toBe(kind === 'coupon' && (status === 'due' || status === 'sent') ? 1 : 0);
    }
    expect(await count(`coupon_codes where publication_id = '${id}' and grant_id is null`)).toBeGreaterThan(0);
    const dueAfter = (moment: string) =>
      count(`grants where publication_id = '${id}' and status = 'due' and due_at > '${moment}'`);
    // By the daily schedule some go out on the day itself; what is on hold does not.
    expect(await dueAfter('2026-11-21')).toBe(states('grants').due);
    expect(await dueAfter('2026-11-22')).toBeGreaterThan(0);
  });

  it('happened in an order that could have been, and ends before now', async () => {
    const own = `publication_id = '${id}'`;
    expect(
      await count(`clicks c join participants p on p.id = c.participant_id where c.${own} and c.at <= p.created_at`),
    ).toBe(0);
    expect(
      await count(`clicks c join contents on contents.id = c.content_id where c.${own} and c.at <= published_at`),
    ).toBe(0);
    expect(
      await count(
        `referrals where ${own} and not (clicked_at < created_at and created_at <= coalesce(confirmed_at, created_at))`,
      ),
    ).toBe(0);
    expect(await count(`clicks where ${own} and at >= '2026-11-21'`)).toBe(0);
    expect(await count(`clicks where ${own} and at < '2026-09-20'`)).toBe(0);
  });

  it('sends nothing, and does nothing for other publications', async () => {
    expect(await count(`mails where publication_id = '${id}' and state <> 'suppressed'`)).toBe(0);
    expect(await count(`received_mails where publication_id = '${id}'`)).toBe(0);
    // Nor later: whoever may get mail has an address at which nobody lives.
    expect(await count(`subscribers where status in ('active', 'pending') and email not like '%.example'`)).toBe(0);
    expect(others.after).toEqual(others.before);
  });

  it('changes nothing the second time', async () => {
    const before = await everything();
    expect(await fillFullDemo(foundation)).toBeNull();
    expect(await everything()).toEqual(before);
  });

  async function rungs(): Promise<Record<string, number>> {
    const given = await query<{ name: string }>(
      `select m.name from grants g join milestones m on m.id = g.milestone_id where g.publication_id = $1`,
      [id],
    );
    return tally(given.map(({ name }) => name));
  }
});

/** How often each rung was reached, by the counts of the referrers alone. */
function expectedRungs(counts: readonly number[]): Record<string, number> {
  const times = (have: number, threshold: number, every: number | null) => {
    if (have < threshold) return 0;
    return every === null ? 1 : 1 + Math.floor((have - threshold) / every);
  };
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  return Object.fromEntries(
    [...FULL_LADDER, LATE_RUNG].map(({ reward, recipient, threshold, every }) => [
      reward.name,
      recipient === 'referred' ? sum(counts) : sum(counts.map((have) => times(have, threshold, every))),
    ]),
  );
}
