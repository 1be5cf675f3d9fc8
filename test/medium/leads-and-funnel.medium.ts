import { parse } from 'csv-parse/sync';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { stampRestored } from '../../src/leads/lead-feed.store.js';
import { lockReferral } from '../../src/referrals/referral.store.js';
import { DAY, startApp } from '../support/app.js';
import { openDatabase } from '../support/database.js';
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

type Lead = { id: string; email: string; stage: string; qualified: boolean; value: object[]; note: string | null };
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

describe('the list of leads', () => {
  test('is narrowed down by each filter, and by all at once', async () => {
    const publication = await newPublication(app);
    await publication.content('rye');
    const reader = await publication.reader();
    const lead = async (email: string, more: object, presented: object) =>
      publication.signUp(email, {
        ...more,
        confirmed: true,
        presented: { ref: reader.code, clicks: [], content: null, channel: 'copy', ...presented },
      });
    const dana = await lead('dana@mail.rye-sons.example', { firstName: 'Dana', attributes: { company: 'Rye & Sons' } }, { content: 'rye', channel: 'linkedin' }); // prettier-ignore
    app.advance(DAY);
    const marek = await lead('marek@rye-sons.example', { attributes: { role: 'Owner' } }, { channel: 'x' });
    const yui = await lead('yui@x.gmail.com', {}, {});
    const id = (await publication.referralOf(dana.id)).id;
    await publication.admin.patch(`/leads/${id}`, { owner: 'Ana', qualified: true });
    const today = app.clock.now().toISOString().slice(0, 10);
    const all = [dana, marek, yui].map((reader) => reader.id);
    const found = async (query: string) => {
      const referred = (await leadsOf(publication, query)).map(({ email }) => email);
      const rest = [dana, marek, yui].filter(({ email }) => referred.includes(email)).map((reader) => reader.id);
      return rest.map((one) => ['dana', 'marek', 'yui'][all.indexOf(one)]).join(' ');
    };
    for (const [query, expected] of [
      ['?workEmail=true', 'dana marek'],
      ['?workEmail=false', 'yui'],
      ['?companyDomain=rye-sons.example', 'dana marek'],
      ['?companyDomain=deep.MAIL.rye-sons.example', 'dana marek'],
      ['?companyDomain=sons.example', ''],
      ['?domain=rye-sons.example', 'marek'],
      ['?q=DANA', 'dana'],
      ['?q=e+%26+s', 'dana'],
      ['?q=owner', 'marek'],
      ['?q=100%25', ''],
      ['?owner=ana', 'dana'],
      ['?program=default', 'dana marek yui'],
      ['?program=other', ''],
      ['?channel=x', 'marek'],
      ['?content=rye', 'dana'],
      ['?stage=qualified', 'dana'],
      ['?days=1', 'marek yui'],
      ['?days=2', 'dana marek yui'],
      [`?from=${today}`, 'marek yui'],
      [`?to=${today}&qualified=false&workEmail=true&q=marek&days=9`, 'marek'],
    ] as const) {
      expect(await found(query), query).toBe(expected);
    }
    const { body } = await publication.admin.get('/leads?companyDomain=gmail.com');
    expect(body.errors).toEqual([{ path: 'companyDomain', message: expect.stringContaining('free mail') }]);
    const [gmail, , work] = await leadsOf(publication);
    expect(gmail).toMatchObject({ workEmail: false, companyDomain: null, domain: 'x.gmail.com', program: 'default' });
    expect(work).toMatchObject({ workEmail: true, companyDomain: 'rye-sons.example', domain: 'mail.rye-sons.example' });
  });
});

describe('the feed of leads', () => {
  type Fed = { data: Lead[]; removed: string[]; nextCursor: string };
  const fed = async (publication: TestPublication, after: string, limit = 200): Promise<Fed> => {
    const { status, body } = await publication.admin.get(`/leads?changedAfter=${after}&limit=${limit}`);
    expect(status).toBe(200);
    return body;
  };
  /** What a consumer keeps who takes all that there is. */
  async function follow(publication: TestPublication, kept: Map<string, Lead>, after: string): Promise<string> {
    for (;;) {
      const { data, removed, nextCursor } = await fed(publication, after, 7);
      for (const lead of data) kept.set(lead.id, lead);
      for (const id of removed) kept.delete(id);
      if (data.length + removed.length === 0) return nextCursor;
      after = nextCursor;
    }
  }
  const sorted = (leads: Iterable<Lead>) => [...leads].sort((a, b) => (a.id < b.id ? -1 : 1));
  // Transactions of other tests hold the feed back: it is of the whole server.
  const caughtUp = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

  test('waits for who began to change a lead before others did, and then tells of both', async () => {
    const { publication, people } = await referrerWith(2);
    const [early, late] = people.map(({ referral }) => referral.id) as [string, string];
    const kept = new Map<string, Lead>();
    let cursor = '0';
    await caughtUp(async () => {
      cursor = await follow(publication, kept, cursor);
      expect(kept.size).toBe(2);
    });
    const open = await openDatabase({ poolSize: 1 });
    const runner = open.createQueryRunner();
    await runner.startTransaction();
    await runner.query(
      `insert into lead_marks (publication_id, referral_id, note, changed_at) values ($1, $2, 'early', now())`,
      [publication.id, early],
    );
    await publication.admin.patch(`/leads/${late}`, { note: 'late' });
    expect((await fed(publication, cursor)).data).toEqual([]);
    await runner.commitTransaction();
    await runner.release();
    await caughtUp(async () => {
      const { data } = await fed(publication, cursor);
      expect(data.map(({ id, note }) => [id, note])).toEqual([
        [early, 'early'],
        [late, 'late'],
      ]);
    });
  });

  test('loses nothing of 50 transactions that overlap, and tells of whatever a lead shows', async () => {
    const { publication, people } = await referrerWith(12);
    const source = await openDatabase({ poolSize: 50 });
    const kept = new Map<string, Lead>();
    let [cursor, writing] = ['0', true];
    const reading = (async () => {
      while (writing) cursor = await follow(publication, kept, cursor);
    })();
    const CHANGES = [
      `insert into lead_marks (publication_id, referral_id, note, changed_at) values ($1, $2, $3, now())
         on conflict (publication_id, referral_id) do update set note = excluded.note`,
      `insert into referral_stages (publication_id, referral_id, stage, at) values ($1, $2, 's' || $3, now())`,
      `update subscribers s set first_name = $3 from referrals r
         where r.publication_id = $1 and r.id = $2 and s.publication_id = $1 and s.id = r.referred_id`,
      `update referrals set channel = $3 where publication_id = $1 and id = $2`,
    ];
    await Promise.all(
      range(50).map((n) =>
        source.transaction(async (tx) => {
          const { referral } = people[n % people.length]!;
          await tx.query(CHANGES[n % CHANGES.length]!, [publication.id, referral.id, String(n)]);
          await sleep((n * 37) % 90); // the later ones commit first now and then
        }),
      ),
    );
    writing = false;
    await reading;
    await caughtUp(async () => {
      cursor = await follow(publication, kept, cursor);
      expect(sorted(kept.values())).toEqual(sorted(await leadsOf(publication)));
    });
    await tell(publication, 'purchased', people[0]!.friend.id, { value: usd(500) });
    await publication.admin.post('/referrals/review', {
      ids: [people[1]!.referral.id],
      decision: 'reject',
      note: 'Not one of ours',
    });
    await caughtUp(async () => {
      const { data, removed } = await fed(publication, cursor);
      expect([data.map(({ id, value }) => [id, value]), removed]).toEqual([
        [[people[0]!.referral.id, [usd(500)]]],
        [people[1]!.referral.id],
      ]);
    });
  });

  test('goes on after a restore into a server that has not come as far: leads are told anew, and old cursors are refused', async () => {
    const { publication, people } = await referrerWith(1);
    await app.database.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica'); // as pg_restore writes rows, and no trigger stamps them
      await tx.query(`update referrals set changed_in = 900000000000 where publication_id = $1`, [publication.id]);
    });
    const old = Buffer.from(`900000000000:${people[0]!.referral.id}`, 'latin1').toString('base64url');
    const refused = await publication.admin.get(`/leads?changedAfter=${old}`);
    expect([refused.status, refused.body.errors[0].message]).toEqual([422, expect.stringContaining('restore')]);
    await stampRestored(app.database.reader);
    await caughtUp(async () => {
      expect((await fed(publication, '0')).data.map(({ id }) => id)).toEqual([people[0]!.referral.id]);
    });
  });

  test('refuses other filters and cursors that are none of its own', async () => {
    const publication = await newPublication(app);
    for (const [query, path] of [
      ['changedAfter=x', 'changedAfter'],
      ['changedAfter=', 'changedAfter'],
      ['changedAfter=0&q=ana', 'q'],
      ['changedAfter=0&after=x', 'after'],
    ] as const) {
      const { status, body } = await publication.admin.get(`/leads?${query}`);
      expect([status, body.errors[0].path], query).toEqual([422, path]);
    }
    expect(await fed(publication, '0')).toEqual({ data: [], removed: [], nextCursor: '0' });
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
