import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { bring, rowsOf, send, verdictsOf } from '../support/imports.js';
import { DAY, MINUTE, startApp } from '../support/app.js';
import { newPublication, type TestPublication } from '../support/make.js';
import { tracesOf } from '../support/traces.js';
import { webhooksOf } from '../support/webhook-endpoints.js';

const app = await startApp();
const { newEndpoint } = webhooksOf(app);

const erase = (publication: TestPublication, id: string) => publication.admin.delete(`/subscribers/${id}`);

/** What others have of a person: equal before and after they are erased. */
async function keptOf(publication: TestPublication): Promise<Record<string, unknown>> {
  const kept = {
    grants:
      'id, milestone_id, subscriber_id, occurrence, reward_id, referral_id, count, status, due_at, created_at, sent_at',
    ledger_entries: '*',
    coupon_codes: '*',
    stage_counts: '*',
    referral_adjustments: '*',
    referral_stages: '*',
    purchases: '*',
    referrals: 'id, program_id, referrer_id, referred_id, state, content_id, channel, created_at, verified_at',
    share_codes: '*',
    clicks: '*',
  };
  const read = async ([table, columns]: [string, string]) => [
    table,
    await app.rows(`select ${columns} from ${table} where publication_id = $1 order by 1, 2`, [publication.id]),
  ];
  return Object.fromEntries((await Promise.all(Object.entries(kept).map(read))) as [string, unknown][]);
}

const [FIRST, SECOND] = ['Zyxplant.First@zyxplant.example', 'zyxplant.second@zyxplant.example'];
const PERSON = {
  ...{ email: FIRST, firstName: 'Zyxplant 植木鉢', heardFrom: 'a talk at Zyxplant', externalId: 'ZYXPLANT-77' },
  ...{ attributes: { company: 'Zyxplant GmbH', role: '植木鉢係' }, locale: 'ja' },
};

/** Rows of the person, good and bad, under each of these addresses, and rows of others who name them. */
function fileOf(...addresses: string[]): string {
  const rows = addresses.flatMap((address) => [
    `${address},Zyxplant,2024-01-01,Zyxplant GmbH,`,
    `${address},Zyxplant,2024-01-01,Zyxplant GmbH,`,
    `${address},Zyxplant,yesterday,Zyxplant GmbH,`,
    `Zyxplant <${address}>,Zyxplant,2024-01-01,Zyxplant GmbH,`,
    `someone@mail.example,Someone,2024-01-01,,${address}`,
    'someone.else@mail.example,Someone,2024-01-01,,zyxplant-77',
  ]);
  return ['email,firstName,confirmedAt,company,referredBy', ...rows].join('\n');
}

/** A reader whose name, addresses and company stand wherever the product puts such things. */
async function planted() {
  const publication = await newPublication(app);
  const { admin } = publication;
  const echo = (status: number) => (response: ServerResponse, _: number, got: { text: string }) =>
    void response.writeHead(status).end(got.text);
  const listener = await newEndpoint(publication, ['*'], echo(200));
  const stubborn = await newEndpoint(publication, ['*'], echo(500));
  const coupon = await publication.coupon(['A-1', 'A-2', 'A-3', 'A-4']);
  await publication.milestone({ threshold: 1, every: 1, rewardId: coupon.id });
  await publication.milestone({ threshold: 1, recipient: 'referred', approval: 'manual' });
  await publication.milestone({ threshold: 1, every: 1, recipient: 'referred' });
  const referrer = await publication.reader();

  const keys = { signup: randomUUID(), fulfil: randomUUID(), known: randomUUID() };
  const withKey = (path: string, key: string, body: object) => admin.post(path, body).set('idempotency-key', key);
  const signup = await withKey('/subscribers', keys.signup, { ...PERSON, ref: referrer.code });
  const { id } = signup.body.subscriber;
  await app.tick();
  expect((await app.http.post(`/confirm/${await app.confirmToken(publication.id, id)}`)).status).toBe(200);
  await app.tick();
  const [waiting, sent] = await publication.grants({ subscriberId: id });
  expect([waiting!.status, sent!.status]).toEqual(['awaiting_approval', 'sent']);
  await admin.post(`/grants/${waiting!.id}/revoke`, { reason: 'Zyxplant wants no book' });
  await withKey(`/grants/${sent!.id}/fulfil`, keys.fulfil, {});

  const early = await bring(publication, fileOf(FIRST.toLowerCase()));
  expect((await admin.patch(`/subscribers/${id}`, { email: SECOND })).status).toBe(200);
  await withKey('/subscribers', keys.known, { email: SECOND });
  const code = await publication.codeOf(id);
  const { friend } = await publication.verifiedFriend(code);
  app.advance(20 * MINUTE);
  await admin.post(`/subscribers/${id}/hub-link`);
  await app.tick();
  await bring(publication, fileOf(SECOND), { dryRun: 'true' });
  const notBegun = await send(publication, fileOf(SECOND, FIRST));
  expect((await app.http.get(`/r/${code}`).set('user-agent', 'Mozilla/5.0')).status).toBe(302);
  const event = { type: 'purchased', email: SECOND, plan: 'pro', attributes: { company: 'Zyxplant Holding' } };
  await withKey('/events', randomUUID(), { id: 'told-of-the-person', ...event });
  const { body: leads } = await admin.get('/leads');
  const lead = leads.data.find((row: { email: string }) => row.email === SECOND);
  await admin.patch(`/leads/${lead.id}`, { owner: 'who knows Zyxplant', note: 'Zyxplant wants two books' });
  // Not yet sent when the person is erased; and what only a mail server or a fraud check would write.
  app.advance(20 * MINUTE);
  await admin.post(`/subscribers/${id}/hub-link`);
  await app.rows(`update mails set last_error = $2 where subscriber_id = $1 and message = 'welcome'`, [
    id,
    `550 <${SECOND}>`,
  ]);
  await app.rows(`update mails set data = $2 where subscriber_id = $1 and message = 'welcome'`, [
    id,
    { of: 'Zyxplant' },
  ]);
  const evidence = JSON.stringify([{ code: 'sign', weight: 1, evidence: 'zyxplant.example' }]);
  await app.rows(`update referrals set reasons = $2 where referred_id = $1`, [id, evidence]);
  await app.rows(
    `update referral_events set reasons = $2 where referral_id = (select id from referrals where referred_id = $1)`,
    [id, evidence],
  );
  const ofPerson = '(select id from referrals where referred_id = $1)';
  await app.rows(`update referral_assessments set signs = $2, refused = $3 where referral_id = ${ofPerson}`, [
    id,
    evidence,
    JSON.stringify({ code: 'disposable_domain', weight: 100, evidence: 'zyxplant.example' }),
  ]);
  for (const value of [FIRST, SECOND]) {
    await admin.post('/fraud-lists', { list: 'allow', kind: 'address', value, note: 'Zyxplant is a friend' });
  }
  await app.rows(`update signup_signals set agent = $2, network = $2, domain = $2 where subscriber_id = $1`, [
    id,
    Buffer.from('zyxplant'),
  ]);
  return { publication, id, referrer, friend, listener, stubborn, keys, early, notBegun };
}

describe('a person who is erased', { timeout: 60_000 }, () => {
  test('stands nowhere any more, while counts, referrals, grants, codes and the ledger stay', async () => {
    const { publication, id, referrer, friend, keys, listener, stubborn, early, notBegun } = await planted();
    const before = await keptOf(publication);
    const places = await tracesOf(app, 'zyxplant', '植木鉢');
    expect(places.length).toBeGreaterThan(60);
    expect(new Set(places).size).toBeGreaterThan(20);

    expect((await erase(publication, id)).status).toBe(204);
    expect(await tracesOf(app, 'zyxplant', '植木鉢')).toEqual([]);
    expect(await keptOf(publication)).toEqual(before);
    expect(await publication.countOf(referrer.id)).toBe(1);

    const told = listener.receiver.got.length;
    const mailed = (await app.mails()).length;
    await app.tick();
    app.advance(5 * MINUTE);
    await app.tick();
    expect(await tracesOf(app, 'zyxplant', '植木鉢')).toEqual([]);
    expect((await app.mails()).length).toBe(mailed);
    // What had not arrived still does, without the person.
    const late = listener.receiver.got.slice(told);
    expect(late.map(({ body }) => [body.type, body.data.id, body.data.email])).toContainEqual([
      'subscriber.unsubscribed',
      ...[id, null],
    ]);
    expect(JSON.stringify(late)).not.toMatch(/zyxplant|植木鉢/i);
    const [ofFriend] = await app.rows(
      `select data from webhook_deliveries where webhook_id = $1 and data -> 'referrer' ->> 'id' = $2 and type = 'referral.verified'`,
      [stubborn.id, id],
    );
    expect(ofFriend!.data).toMatchObject({
      referrer: { id, email: null },
      referred: { id: friend.id, email: friend.email },
    });
    expect(await app.rows(`select 1 from mails where subscriber_id = $1 and state = 'waiting'`, [id])).toEqual([]);

    for (const [key, body] of [
      [keys.signup, { ...PERSON, ref: referrer.code }],
      [keys.known, { email: SECOND }],
    ] as const) {
      const again = await publication.admin.post('/subscribers', body).set('idempotency-key', key);
      expect([again.status, again.body.code]).toEqual([410, 'idempotency/answer-erased']);
    }
    // A file that was taken in long ago still says what became of its rows, but no longer whose they were.
    const rows = await rowsOf(publication, early.id);
    expect(verdictsOf({ rows })).toEqual(verdictsOf(early));
    expect(rows.map(({ email }) => email)).toEqual([
      '',
      '',
      '',
      '',
      'someone@mail.example',
      'someone.else@mail.example',
    ]);
    const makesNobody = ['erased', 'erased', 'invalid_confirmedAt', 'invalid_email'];
    const verdicts = verdictsOf({ rows: await rowsOf(publication, notBegun.body.id) });
    expect([verdicts.slice(0, 4), verdicts.slice(6, 10)]).toEqual([makesNobody, makesNobody]);
    const { body: ended } = await publication.admin.get(`/imports/${notBegun.body.id}`);
    expect([ended.state, ended.failed, ended.verdicts.erased]).toEqual(['done', 4, 4]);
  });

  test('is told of as erased, and cannot be changed', async () => {
    const publication = await newPublication(app);
    const referrer = await publication.reader();
    const { friend } = await publication.verifiedFriend(referrer.code);
    const friendsCode = await publication.codeOf(friend.id);
    const { friend: next } = await publication.verifiedFriend(friendsCode);
    expect([(await erase(publication, friend.id)).status, (await erase(publication, friend.id)).status]).toEqual([
      204, 204,
    ]);
    const { body } = await publication.admin.get(`/subscribers/${friend.id}`);
    expect(body).toMatchObject({
      ...{ id: friend.id, status: 'erased', email: null, firstName: null, externalId: null, heardFrom: null },
      ...{ attributes: {}, shareCode: friendsCode, referralCount: 1, referredBy: { subscriberId: referrer.id } },
    });
    const changed = await publication.admin.patch(`/subscribers/${friend.id}`, { email: 'again@mail.example' });
    expect([changed.status, changed.body.code]).toEqual([409, 'subscriber/erased']);
    const confirmed = await publication.admin.post(`/subscribers/${friend.id}/confirm`);
    expect([confirmed.status, confirmed.body.code]).toEqual([409, 'subscriber/not-confirmable']);
    expect((await publication.admin.post(`/subscribers/${friend.id}/unsubscribe`)).body.status).toBe('erased');
    expect((await publication.admin.post(`/subscribers/${friend.id}/hub-link`)).status).toBe(202);

    expect((await publication.admin.get('/subscribers?status=erased')).body.data).toEqual([body]);
    const { body: referrals } = await publication.admin.get('/referrals');
    expect(referrals.data.map(({ referred }: { referred: object }) => referred)).toEqual([
      { id: next.id, email: next.email, status: 'active' },
      { id: friend.id, email: null, status: 'erased' },
    ]);
    const { text } = await publication.admin.get('/subscribers.csv').buffer(true);
    const exported: Record<string, string>[] = parse(text, { columns: true });
    expect(exported.map(({ email }) => email)).toEqual([referrer.email, next.email]);
    const leads = await publication.admin.get('/leads');
    expect(leads.body.data.map((lead: { email: string; referrer: object }) => [lead.email, lead.referrer])).toEqual([
      [next.email, { id: friend.id, email: null, shareCode: friendsCode }],
    ]);
    expect(parse((await publication.admin.get('/leads.csv').buffer(true)).text, { columns: true })).toHaveLength(1);
  });

  test('of another publication is not there', async () => {
    const [one, two] = [await newPublication(app), await newPublication(app)];
    const email = 'both@mail.example';
    const [here, there] = [await one.reader(email), await two.reader(email)];
    expect((await erase(one, there.id)).status).toBe(404);
    expect((await erase(one, randomUUID())).status).toBe(404);
    expect((await erase(one, here.id)).status).toBe(204);
    expect((await two.admin.get(`/subscribers/${there.id}`)).body).toMatchObject({ status: 'active', email });
    expect(verdictsOf(await bring(two, `email\n${email}\n`))).toEqual(['unchanged']);
  });

  test('finds friendly pages behind the links of old mails', async () => {
    const publication = await newPublication(app);
    const { id } = await publication.signUp();
    const confirm = await app.confirmToken(publication.id, id);
    const hub = app.token('hub', publication.id, id, new Date(app.clock.now().getTime() + DAY));
    const unsubscribe = app.token('unsubscribe', publication.id, id);
    await erase(publication, id);
    const get = async (path: string) => (await app.http.get(path)).status;
    const post = async (path: string, form = {}) => (await app.http.post(path).type('form').send(form)).status;
    expect([await get(`/confirm/${confirm}`), await post(`/confirm/${confirm}`)]).toEqual([410, 410]);
    expect(await get(`/hub/${hub}`)).toBe(410);
    expect(await get(`/unsubscribe/${unsubscribe}`)).toBe(200);
    expect(await post(`/unsubscribe/${unsubscribe}`, { 'List-Unsubscribe': 'One-Click' })).toBe(200);
    expect((await app.rows('select status from subscribers where id = $1', [id]))[0]!.status).toBe('erased');
  });
});
