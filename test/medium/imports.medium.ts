import { describe, expect, test } from 'vitest';
import { AddMilestone } from '../../src/flows/add-milestone.js';
import { Leave } from '../../src/flows/leave.js';
import { bring, everything, readerBy, rowsOf, send, verdictsOf } from '../support/imports.js';
import { startApp } from '../support/app.js';
import { newPublication, range } from '../support/make.js';

const app = await startApp();

describe('an import', () => {
  test('makes active readers with links and consents, and answers 202 at once', async () => {
    const publication = await newPublication(app, { locale: 'ja' });
    const { status, body } = await send(
      publication,
      'email,firstName,locale,shareCode,confirmedAt,externalId,company\n Ana@Mail.Example ,Ana,en,ANA-1,2024-02-29,x1,Acme\nben@mail.example,,,,,,\n',
    );
    expect([status, body.state, body.total, body.done, body.failed]).toEqual([202, 'waiting', 2, 0, 0]);
    const before = await rowsOf(publication, body.id);
    expect(before.map(({ verdict }) => verdict)).toEqual(['waiting', 'waiting']);
    await app.tick();
    const [ana, ben] = [
      await readerBy(publication, 'ana@mail.example'),
      await readerBy(publication, 'ben@mail.example'),
    ];
    expect(ana).toMatchObject({
      ...{ email: 'Ana@mail.example', firstName: 'Ana', status: 'active', locale: 'en', shareCode: 'ana-1' },
      ...{
        externalId: 'x1',
        attributes: { company: 'Acme' },
        confirmedAt: '2024-02-29T00:00:00.000Z',
        referralCount: 0,
      },
    });
    expect(ben).toMatchObject({ firstName: null, locale: 'ja', attributes: {}, externalId: null });
    expect(ben.shareCode).toMatch(/^[2-9a-z]{8}$/);
    expect((await app.http.get(`/r/ana-1`).redirects(0)).status).toBe(302);
    const consents = await app.rows('select act, source, text_version from consents where publication_id = $1', [
      publication.id,
    ]);
    const consent = { act: 'confirmed', source: 'import', textVersion: 'signed up on our old site' };
    expect(consents).toEqual([consent, consent]);
    expect(await app.rows('select 1 from mails where publication_id = $1', [publication.id])).toEqual([]);
    const rows = await rowsOf(publication, body.id);
    expect(rows[0]).toMatchObject({
      row: '1',
      verdict: 'imported',
      shareCode: 'ana-1',
      shareUrl: `${app.url}/r/ana-1`,
    });
  });

  test('gives every row its verdict, and the sum adds up', async () => {
    const publication = await newPublication(app);
    await (await newPublication(app)).reader('x@mail.example');
    const elsewhere = await newPublication(app);
    await bring(elsewhere, 'email,shareCode\nother@mail.example,everybody-wants-it\n');
    const gone = await publication.reader('gone@mail.example');
    await app.get(Leave).run(publication.id, gone.id, 'unsubscribed', 'mail');
    const bounced = await publication.reader('bounced@mail.example');
    await app.get(Leave).run(publication.id, bounced.id, 'bounced', 'mail');
    await publication.reader('known@mail.example', { firstName: 'Known', externalId: 'k1' });
    await publication.reader('half@mail.example');
    await publication.signUp('pending@mail.example');
    const header = 'email,firstName,locale,shareCode,referralCount,referredBy,confirmedAt,externalId,status\n';
    const lines: [cells: string, verdict: string][] = [
      ['new@mail.example,,,,,,,,', 'imported'],
      ['NEW@mail.example,,,,,,,,', 'duplicate_in_file'],
      ['new+tag@mail.example,,,,,,,,', 'alias'],
      ['known+tag@mail.example,,,,,,,,', 'alias'],
      ['known@mail.example,Other,,,,,,,', 'unchanged'],
      ['half@mail.example,Half,,,,,,,', 'updated'],
      ['pending@mail.example,,,,,,,,', 'updated'],
      ['gone@mail.example,,,,,,,,', 'suppressed'],
      ['bounced@mail.example,,,,,,,,', 'suppressed'],
      ['code@mail.example,,,Everybody-Wants-It,,,,,', 'code_taken'],
      ['first@mail.example,,,twice,,,,,', 'imported'],
      ['second@mail.example,,,twice,,,,,', 'code_taken'],
      ['id@mail.example,,,,,,,k1,', 'external_id_taken'],
      ['friend@mail.example,,,,,nobody-has-it,,,', 'referrer_unknown'],
      ['left@mail.example,,,,,,,,unsubscribed', 'not_active'],
      ['not an address,,,,,,,,', 'invalid_email'],
      ['name@mail.example,"a\u0007b",,,,,,,', 'invalid_firstName'],
      ['locale@mail.example,,12!,,,,,,', 'invalid_locale'],
      ['badcode@mail.example,,,a b,,,,,', 'invalid_shareCode'],
      ['count@mail.example,,,,many,,,,', 'invalid_referralCount'],
      ['date@mail.example,,,,,,2025-02-30,,', 'invalid_confirmedAt'],
      ['future@mail.example,,,,,,2999-01-01,,', 'invalid_confirmedAt'],
      ['short@mail.example,,', 'invalid_columns'],
      ['long@mail.example,,,,,,,,,too much', 'invalid_columns'],
    ];
    const csv = header + lines.map(([cells]) => `${cells}\n`).join('');
    const dry = await bring(publication, csv, { dryRun: 'true' });
    expect(verdictsOf(dry)).toEqual(lines.map(([, verdict]) => verdict));
    const done = await bring(publication, csv);
    expect(verdictsOf(done)).toEqual(lines.map(([, verdict]) => verdict));
    expect([done.total, done.imported, done.skipped, done.failed]).toEqual([24, 10, 5, 9]);
    const messages = done.rows.map(({ message }) => message);
    expect(messages[1]).toContain('row 1');
    expect(messages[7]).toContain('unsubscribed');
    expect(messages[15]).toContain('name@example.com');
    // Statuses as they were, a new code for who wanted a taken one, and who waited for a confirmation has it.
    expect((await readerBy(publication, 'gone@mail.example')).status).toBe('unsubscribed');
    expect((await readerBy(publication, 'bounced@mail.example')).status).toBe('bounced');
    expect((await readerBy(publication, 'pending@mail.example')).status).toBe('active');
    expect(await readerBy(publication, 'half@mail.example')).toMatchObject({ firstName: 'Half' });
    expect(await readerBy(publication, 'known@mail.example')).toMatchObject({ firstName: 'Known', externalId: 'k1' });
    expect((await readerBy(publication, 'code@mail.example')).shareCode).toMatch(/^[2-9a-z]{8}$/);
    expect((await readerBy(publication, 'first@mail.example')).shareCode).toBe('twice');
    expect(await readerBy(publication, 'id@mail.example')).toMatchObject({ externalId: null });
    expect(await readerBy(publication, 'left@mail.example')).toBeUndefined();
  });

  test('of the same file a second time changes nothing', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1 });
    const csv =
      'email,firstName,shareCode,referralCount,referredBy\n' +
      'ana@mail.example,Ana,ana,3,\nben@mail.example,,ana,2,ana\ncem@mail.example,Cem,,,ana@mail.example\ncem@mail.example,,,9,\nnope,,,,\n';
    await bring(publication, csv);
    const before = await everything(publication);
    const again = await bring(publication, csv);
    expect(verdictsOf(again)).toEqual(['unchanged', 'unchanged', 'unchanged', 'duplicate_in_file', 'invalid_email']);
    expect(await everything(publication)).toEqual(before);
    // Nor when a friend has come since: what was earned here is not taken back by an old total.
    const ana = await readerBy(publication, 'ana@mail.example');
    await publication.verifiedFriend(ana.shareCode);
    await bring(publication, csv);
    expect((await readerBy(publication, 'ana@mail.example')).referralCount).toBe(4);
  });

  test('as a dry run makes and changes nobody', async () => {
    const publication = await newPublication(app);
    await publication.reader('half@mail.example');
    await app.tick(); // its welcome mail
    const before = await everything(publication);
    const csv =
      'email,firstName,shareCode,referralCount,referredBy\nhalf@mail.example,Half,,5,\nana@mail.example,,dry-ana,3,\nben@mail.example,,,,dry-ana\ncem@mail.example,,,,ben@mail.example\n';
    const dry = await bring(publication, csv, { dryRun: 'true' });
    expect(verdictsOf(dry)).toEqual(['updated', 'imported', 'imported', 'imported']);
    expect(await everything(publication)).toEqual(before);
  });

  test('of another publication is not there', async () => {
    const [mine, other] = [await newPublication(app), await newPublication(app)];
    const { body } = await send(mine, 'email\nana@mail.example\n');
    expect((await other.admin.get(`/imports/${body.id}`)).status).toBe(404);
    expect((await other.admin.get(`/imports/${body.id}/rows.csv`)).status).toBe(404);
    expect((await mine.admin.get(`/imports/${body.id}`)).status).toBe(200);
    for (const role of ['editor', 'marketing', 'site'] as const) {
      expect((await send(mine, 'email\nx@mail.example\n', {}, await mine.key(role))).status).toBe(403);
    }
    await app.tick();
  });

  test('of the same file twice at once makes each reader once', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 2 });
    const csv = `email,shareCode,referralCount,referredBy\n${range(400)
      .map((n) => `reader${n}@mail.example,twin-${n},${n % 5},${n > 0 ? `twin-${n % 7}` : ''}\n`)
      .join('')}`;
    const [a, b] = await Promise.all([send(publication, csv), send(publication, csv)]);
    await Promise.all([app.tick(), app.tick(), app.tick()]);
    const ends = await Promise.all([a, b].map(({ body }) => publication.admin.get(`/imports/${body.id}`)));
    expect(ends.map(({ body }) => body.state)).toEqual(['done', 'done']);
    expect(ends.map(({ body }) => body.imported).sort((x, y) => x - y)).toEqual([0, 400]);
    const [made] = await app.rows(
      `select (select count(*)::int from subscribers where publication_id = $1) as readers,
         (select count(*)::int from consents where publication_id = $1) as consents,
         (select count(*)::int from share_codes where publication_id = $1) as codes,
         (select count(*)::int from referrals where publication_id = $1) as referrals`,
      [publication.id],
    );
    // twin-0 to twin-6 name each other or themselves; whoever names themself is nobody's friend.
    expect(made).toEqual({ readers: 400, consents: 400, codes: 400, referrals: 399 - 6 });
    const off = await app.rows(
      `select r.row_no from import_rows r
       join subscribers s on s.publication_id = r.publication_id and s.email_key = r.email_key
       join participants p on p.publication_id = s.publication_id and p.subscriber_id = s.id
       left join stage_counts c on c.publication_id = p.publication_id and c.participant_id = p.id
       where r.publication_id = $1 and coalesce(c.count, 0) <> r.referral_count`,
      [publication.id],
    );
    expect(off).toEqual([]);
  });
});

describe('counts of an import', () => {
  test('are the totals of the file: what rows explain are referrals, the rest is an adjustment', async () => {
    const publication = await newPublication(app);
    const csv =
      'email,shareCode,referralCount,referredBy,confirmedAt\n' +
      'f1@mail.example,,,ana,2024-05-01\nana@mail.example,ana,5,,2024-01-01\nf2@mail.example,,,ANA@mail.example,2024-06-01\n' +
      'ana+2@mail.example,,,ana,\nben@mail.example,ben,,,\nf3@mail.example,,,ben,\n' +
      'cem@mail.example,cem,1,,\nf4@mail.example,,,cem,\nf5@mail.example,,,cem,\nself@mail.example,self,0,self,\n';
    await bring(publication, csv);
    const counts = await app.rows(
      `select s.email, c.count, coalesce(a.delta, 0) as adjusted,
         (select count(*)::int from referrals r where r.publication_id = p.publication_id and r.referrer_id = p.id and r.state = 'verified') as referrals
       from subscribers s join participants p on p.publication_id = s.publication_id and p.subscriber_id = s.id
       join stage_counts c on c.publication_id = p.publication_id and c.participant_id = p.id
       left join referral_adjustments a on a.publication_id = p.publication_id and a.participant_id = p.id
       where s.publication_id = $1 order by s.email`,
      [publication.id],
    );
    expect(counts).toEqual([
      { email: 'ana@mail.example', count: 5, adjusted: 3, referrals: 2 }, // an alias of hers is no friend
      { email: 'ben@mail.example', count: 1, adjusted: 0, referrals: 1 },
      { email: 'cem@mail.example', count: 1, adjusted: -1, referrals: 2 }, // the file's own total is less than its rows
    ]);
    const { body } = await publication.admin.get('/referrals?limit=200');
    expect(body.data).toHaveLength(5);
    const first = body.data.find(
      ({ referred }: { referred: { email: string } }) => referred.email === 'f1@mail.example',
    );
    expect(first).toMatchObject({ state: 'verified', channel: 'other', verifiedAt: '2024-05-01T00:00:00.000Z' });
    const events = await app.rows(
      `select distinct actor, from_state, to_state from referral_events where publication_id = $1`,
      [publication.id],
    );
    expect(events).toEqual([{ actor: 'import', fromState: null, toState: 'verified' }]);
    // The funnel knows no adjustments.
    const { body: funnel } = await publication.admin.get('/reports/funnel?by=total');
    expect(funnel.data[0].verified).toBe(5);
  });

  test('raise a known reader to the total, and by what it has grown, never twice', async () => {
    const publication = await newPublication(app);
    const ana = await publication.reader('ana@mail.example');
    await publication.verifiedFriend(ana.code);
    const told = async (total: number) => {
      const { rows } = await bring(publication, `email,referralCount\nana@mail.example,${total}\n`);
      return [rows[0]!.verdict, await publication.countOf(ana.id)];
    };
    expect(await told(4)).toEqual(['updated', 4]);
    expect(await told(4)).toEqual(['unchanged', 4]);
    await publication.verifiedFriend(ana.code);
    expect(await told(4)).toEqual(['unchanged', 5]);
    expect(await told(5)).toEqual(['unchanged', 5]); // what our own export would say now
    expect(await told(6)).toEqual(['updated', 6]);
    expect(await told(2)).toEqual(['unchanged', 6]);
  });

  test('find referrers by the code they had in the file, by code, address and externalId of known readers', async () => {
    const publication = await newPublication(app);
    const thief = await publication.reader('thief@mail.example');
    const known = await publication.reader('known@mail.example', { externalId: 'k-77' });
    const csv =
      `email,shareCode,referredBy\nfriend1@mail.example,,${thief.code.toUpperCase()}\nowner@mail.example,${thief.code},\n` +
      `friend2@mail.example,,${known.code}\nfriend3@mail.example,,Known@Mail.example\nfriend4@mail.example,,k-77\n`;
    const { rows } = await bring(publication, csv);
    expect(rows[1]!.verdict).toBe('code_taken');
    const referredBy = async (n: number) =>
      (await readerBy(publication, `friend${n}@mail.example`)).referredBy.subscriberId;
    const owner = await readerBy(publication, 'owner@mail.example');
    expect(await Promise.all([1, 2, 3, 4].map(referredBy))).toEqual([owner.id, known.id, known.id, known.id]);
    expect(await publication.countOf(thief.id)).toBe(0);
  });

  test('past milestones are noted, exactly once, and neither due nor mailed; those to come are granted as ever', async () => {
    const publication = await newPublication(app);
    const pool = await publication.coupon(['RYE-1', 'RYE-2', 'RYE-3']);
    const at3 = await publication.milestone({ threshold: 3, rewardId: pool.id });
    const every2 = await publication.milestone({ threshold: 2, every: 2 });
    const each = await publication.milestone({ threshold: 1, every: 1 });
    const at6 = await publication.milestone({ threshold: 6, rewardId: pool.id });
    const csv = 'email,shareCode,referralCount,referredBy\nana@mail.example,ana,5,\nf1@mail.example,,,ana\n';
    await bring(publication, csv);
    await bring(publication, csv);
    await app.tick();
    const ana = await readerBy(publication, 'ana@mail.example');
    const of = async (milestoneId: string) =>
      (await publication.grants({ milestoneId })).map(({ occurrence, status, code }) => [occurrence, status, code]);
    expect(await of(at3.id)).toEqual([['once', 'fulfilled', null]]);
    expect((await of(every2.id)).sort()).toEqual([
      ['1:1', 'fulfilled', null],
      ['1:2', 'fulfilled', null],
    ]);
    expect(await of(each.id)).toHaveLength(1); // for the one referral there is
    expect(await of(at6.id)).toEqual([]);
    expect(await app.rows(`select distinct reason from grants where publication_id = $1`, [publication.id])).toEqual([
      { reason: 'imported' },
    ]);
    expect(await app.rows('select 1 from mails where publication_id = $1', [publication.id])).toEqual([]);
    expect(await app.rows('select 1 from ledger_entries where publication_id = $1', [publication.id])).toEqual([]);
    await publication.verifiedFriend(ana.shareCode);
    expect((await of(at6.id)).map(([, status]) => status)).toEqual(['due']);
  });

  test('with mailPast past milestones are granted as usual', async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 3, rewardId: (await publication.coupon(['RYE-9'])).id });
    const csv = 'email,referralCount\nmailed@mail.example,5\n';
    await bring(publication, csv, { mailPast: 'true' });
    await bring(publication, csv, { mailPast: 'true' });
    await app.tick();
    const grants = await publication.grants({ milestoneId: milestone.id });
    expect(grants.map(({ status, code }) => [status, code])).toEqual([['sent', 'RYE-9']]);
    expect(await app.mails('mailed@mail.example')).toHaveLength(1);
  });

  test('are there for a milestone that is added later', async () => {
    const publication = await newPublication(app);
    await bring(publication, 'email,referralCount\nana@mail.example,5\n');
    const program = await publication.program();
    const late = {
      ...({
        name: 'late',
        stage: 'verified',
        threshold: 4,
        every: null,
        recipient: 'referrer',
        approval: 'automated',
      } as const),
      ...({ holdDays: 0, past: 'grant', rewardId: (await publication.reward()).id } as const),
    };
    await app.get(AddMilestone).run(program, late, { actor: 'operator', role: 'operator' });
    expect(await publication.grants()).toHaveLength(1);
  });
});
