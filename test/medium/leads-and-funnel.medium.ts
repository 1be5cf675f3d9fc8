import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { lockReferral } from '../../src/referrals/referral.store.js';
import { startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';

const app = await startApp();
let made = 0;

const usd = (amount: number) => ({ amount, currency: 'USD' });
const eur = (amount: number) => ({ amount, currency: 'EUR' });

async function tell(publication: TestPublication, type: string, subscriberId: string, more: object = {}) {
  const answer = await publication.admin.post('/events', { id: `e-${++made}`, type, subscriberId, ...more });
  expect(answer.body).toEqual({ accepted: true, duplicate: false });
}

async function referrerWith(friends: number) {
  const publication = await newPublication(app);
  await publication.changeProgram({ stages: ['demo'] });
  const reader = await publication.reader();
  const people = await inFlight(1, range(friends), () => publication.verifiedFriend(reader.code));
  return { publication, reader, people };
}

type Lead = { id: string; stage: string; qualified: boolean; value: object[] };
const leadsOf = async (publication: TestPublication, query = '') =>
  (await publication.admin.get(`/leads${query}`)).body.data as Lead[];

async function qualifiedCount(publication: TestPublication): Promise<number> {
  const [row] = await app.rows<{ count: number }>(
    `select count from stage_counts where publication_id = $1 and stage = 'qualified'`,
    [publication.id],
  );
  return row?.count ?? 0;
}

describe('a lead', () => {
  test('is at the furthest stage that it has reached, whatever came last', async () => {
    const { publication, people } = await referrerWith(1);
    const { friend } = people[0]!;
    const stage = async () => (await leadsOf(publication))[0]!.stage;
    expect(await stage()).toBe('verified');
    for (const [type, expected] of [
      ['demo', 'demo'],
      ['purchased', 'purchased'],
      ['qualified', 'purchased'],
    ] as const) {
      await tell(publication, type, friend.id);
      expect(await stage()).toBe(expected);
    }
    await tell(publication, 'refunded', friend.id);
    expect(await stage()).toBe('qualified');
    for (const [query, found] of [
      ['?stage=qualified', 1],
      ['?stage=purchased', 0],
      ['?qualified=true', 1],
      ['?qualified=false', 0],
    ] as const) {
      expect(await leadsOf(publication, query), query).toHaveLength(found);
    }
  });

  test('is worth what it bought and did not give back, in each currency', async () => {
    const { publication, people } = await referrerWith(2);
    const { friend } = people[0]!;
    await tell(publication, 'purchased', friend.id, { value: usd(4900) });
    await tell(publication, 'purchased', friend.id, { value: eur(1000) });
    await tell(publication, 'purchased', friend.id, { value: usd(100) });
    await tell(publication, 'purchased', friend.id);
    expect((await leadsOf(publication)).map(({ value }) => value)).toEqual([[], [eur(1000), usd(5000)]]);
    const { text } = await publication.admin.get('/leads.csv').buffer(true);
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows.map(({ value }) => value)).toEqual(['10.00 EUR + 50.00 USD', '']);
  });

  test('is qualified by three times yes or outright, and the stage, the count and the grants follow both ways', async () => {
    const { publication, people } = await referrerWith(1);
    const milestone = await publication.milestone({ stage: 'qualified', threshold: 1, holdDays: 30 });
    const { id } = people[0]!.referral;
    const marketing = app.api(await publication.key('marketing'));
    const patch = async (body: object) => (await marketing.patch(`/leads/${id}`, body)).body as Lead;
    const status = async () => (await publication.grants({ milestoneId: milestone.id })).map((grant) => grant.status);

    expect(await patch({ decisionMaker: true, fit: true, owner: 'Ana', note: 'call\nin May' })).toMatchObject({
      ...{ decisionMaker: true, fit: true, need: null, qualified: false, stage: 'verified' },
      ...{ owner: 'Ana', note: 'call\nin May' },
    });
    expect(await status()).toEqual([]);
    expect(await patch({ need: true })).toMatchObject({ qualified: true, stage: 'qualified', owner: 'Ana' });
    expect([await qualifiedCount(publication), await status()]).toEqual([1, ['due']]);
    expect(await patch({ fit: false })).toMatchObject({ qualified: false, stage: 'verified', fit: false });
    expect([await qualifiedCount(publication), await status()]).toEqual([0, ['revoked']]);
    expect(await patch({ qualified: true, owner: null })).toMatchObject({ qualified: true, owner: null, fit: false });
    expect(await patch({ note: null })).toMatchObject({ qualified: true, note: null });
    expect(await qualifiedCount(publication)).toBe(1);
    expect(await patch({ qualified: false })).toMatchObject({ qualified: false });
    expect(await qualifiedCount(publication)).toBe(0);

    const audit = await publication.admin.get('/audit');
    const acts = audit.body.data.filter(({ act }: { act: string }) => act === 'lead.change');
    expect(acts).toHaveLength(6);
    expect(JSON.stringify(acts)).not.toContain('Ana');
  });

  test('that is qualified and unqualified 50 times at once is what was said last, and counted so', async () => {
    const { publication, people } = await referrerWith(2);
    const { id } = people[0]!.referral;
    const answers = await Promise.all(
      range(50).map((n) => publication.admin.patch(`/leads/${id}`, { qualified: n % 2 === 0 })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const lead = (await leadsOf(publication)).find((row) => row.id === id)!;
    expect(await qualifiedCount(publication)).toBe(lead.qualified ? 1 : 0);
  });

  test('is nobody who has not confirmed, or is of another publication', async () => {
    const { publication, people } = await referrerWith(1);
    const other = await newPublication(app);
    const reader = await publication.reader();
    const pending = await publication.signUp(undefined, { ref: reader.code });
    const { id } = await publication.referralOf(pending.id);
    expect((await publication.admin.patch(`/leads/${id}`, { fit: true })).status).toBe(404);
    expect((await other.admin.patch(`/leads/${people[0]!.referral.id}`, { fit: true })).status).toBe(404);
    expect(await app.rows(`select 1 from lead_marks where publication_id = $1`, [publication.id])).toEqual([]);
  });
});

describe('the funnel', () => {
  const day = (n: number) => `2026-10-0${n}`;
  const noon = (n: number) => `${day(n)}T12:00:00Z`;

  async function rowsBy(publication: TestPublication, by: string, query = '') {
    const { body } = await publication.admin.get(`/reports/funnel?by=${by}${query}`);
    return body.data as {
      key: string | null;
      verified: number;
      qualified: number;
      purchased: number;
      revenue: object[];
    }[];
  }

  test('counts stages and money of referrals that count, each at its own time, and restates them', async () => {
    const { publication, reader, people } = await referrerWith(3);
    const second = await publication.reader();
    const alone = await publication.verifiedFriend(second.code);
    const [one, two] = [people[0]!, people[1]!];
    await tell(publication, 'qualified', one.friend.id, { at: noon(1) });
    await tell(publication, 'purchased', one.friend.id, { at: noon(2), value: usd(1000) });
    await tell(publication, 'purchased', one.friend.id, { at: noon(3), value: usd(500) });
    await tell(publication, 'purchased', two.friend.id, { at: noon(3), value: eur(700) });
    await tell(publication, 'purchased', alone.friend.id, { at: noon(3) });
    await tell(publication, 'purchased', reader.id, { at: noon(3), value: usd(99_999) }); // nobody referred them

    const told = ({ key, qualified, purchased, revenue }: Awaited<ReturnType<typeof rowsBy>>[number]) => [
      key,
      qualified,
      purchased,
      revenue,
    ];
    expect((await rowsBy(publication, 'total')).map(told)).toEqual([['total', 1, 3, [eur(700), usd(1500)]]]);
    const days = `&from=${day(1)}&to=${day(3)}`;
    expect((await rowsBy(publication, 'day', days)).map(told)).toEqual([
      [day(1), 1, 0, []],
      [day(2), 0, 1, [usd(1000)]],
      [day(3), 0, 2, [eur(700), usd(500)]],
    ]);
    expect((await rowsBy(publication, 'referrer')).map(told).sort()).toEqual(
      [
        [reader.id, 1, 2, [eur(700), usd(1500)]],
        [second.id, 0, 1, []],
      ].sort(),
    );

    await tell(publication, 'refunded', one.friend.id, { at: noon(4) });
    expect((await rowsBy(publication, 'day', days)).map(told)).toEqual([
      [day(1), 1, 0, []],
      [day(2), 0, 1, [usd(1000)]],
      [day(3), 0, 2, [eur(700)]],
    ]);
    await app.database.transaction(async (tx) => {
      const referral = (await lockReferral(tx, publication.id, one.referral.id))!;
      await app.get(ReverseReferral).within(tx, referral, [], 'key:test', app.clock.now());
    });
    expect((await rowsBy(publication, 'total')).map(told)).toEqual([['total', 0, 2, [eur(700)]]]);
    expect((await rowsBy(publication, 'channel')).map(({ key, verified }) => [key, verified])).toEqual([['copy', 3]]);
  });
});
