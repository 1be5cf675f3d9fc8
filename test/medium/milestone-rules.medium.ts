import { describe, expect, test } from 'vitest';
import { DAY, startApp } from '../support/app.js';
import { inFlight, newPublication, range, type TestPublication } from '../support/make.js';
import { MILESTONES, settle, statuses, tally } from '../support/milestones.js';

const app = await startApp();

async function problem(publication: TestPublication, fields: object) {
  const body = { name: 'Rung', stage: 'verified', threshold: 3, recipient: 'referrer', past: 'ignore', ...fields };
  const rewardId = (await publication.reward()).id;
  const answer = await publication.admin.post(MILESTONES, { rewardId, ...body });
  return [answer.status, answer.body.errors?.[0]?.path];
}

describe('a cap', () => {
  test('of twelve a year: the thirteenth counts and is not rewarded, and in January it is rewarded again', async () => {
    const publication = await newPublication(app, { timezone: 'Asia/Tokyo' });
    // Half past three in the afternoon of New Year's Eve in London is half past midnight of the new year in Tokyo.
    app.clock.set(new Date('2026-11-20T09:00:00Z'));
    await publication.milestone({ threshold: 1, every: 1, cap: { count: 12, per: 'year' } });
    const reader = await publication.reader();
    await inFlight(1, range(12), () => publication.verifiedFriend(reader.code));
    await app.tick();
    app.clock.set(new Date('2026-12-31T14:59:00Z'));
    await publication.verifiedFriend(reader.code);
    expect(tally(await statuses(publication, { subscriberId: reader.id }))).toEqual({ capped: 1, sent: 12 });
    expect((await publication.admin.get(`/subscribers/${reader.id}`)).body.referralCount).toBe(13);
    app.clock.set(new Date('2026-12-31T15:30:00Z'));
    await publication.verifiedFriend(reader.code);
    await app.tick();
    expect(tally(await statuses(publication, { subscriberId: reader.id }))).toEqual({ capped: 1, sent: 13 });
    const mails = await app.rows(`select 1 from mails where publication_id = $1 and message = 'reward'`, [
      publication.id,
    ]);
    expect(mails).toHaveLength(13);
    app.clock.set(null);
  });

  test('is for each person, and holds with 50 confirmations at once', { timeout: 120_000 }, async () => {
    const publication = await newPublication(app);
    const milestone = await publication.milestone({ threshold: 1, every: 1, cap: { count: 7, per: 'month' } });
    const [ana, ben] = [await publication.reader(), await publication.reader()];
    const tokens = await inFlight(10, range(50), async (n) => {
      const { id } = await publication.signUp(undefined, { ref: n < 40 ? ana.code : ben.code });
      return app.confirmToken(publication.id, id);
    });
    const answers = await inFlight(50, tokens, async (token) => (await app.http.post(`/confirm/${token}`)).status);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(tally(await statuses(publication, { subscriberId: ana.id }))).toEqual({ capped: 33, due: 7 });
    expect(tally(await statuses(publication, { subscriberId: ben.id }))).toEqual({ capped: 3, due: 7 });
    expect(await publication.grants({ milestoneId: milestone.id })).toHaveLength(50);
  });

  test('a revoked grant frees its place, and a capped one stays capped', async () => {
    const publication = await newPublication(app);
    await publication.milestone({ threshold: 1, every: 1, cap: { count: 2, per: 'ever' } });
    const reader = await publication.reader();
    const grantOf: Record<string, string> = {};
    const status = async (referral: string) =>
      (await publication.grants({ subscriberId: reader.id })).find(({ occurrence }) => occurrence === referral)?.status;
    const friend = async () => (await publication.verifiedFriend(reader.code)).referral.id;
    const [a, b, c] = [await friend(), await friend(), await friend()];
    for (const { id, occurrence } of await publication.grants()) grantOf[occurrence] = id;
    expect([await status(a), await status(b), await status(c)]).toEqual(['due', 'due', 'capped']);
    await publication.admin.post(`/grants/${grantOf[b]}/revoke`, { reason: 'a mistake' });
    expect(await status(c)).toBe('capped');
    const d = await friend();
    expect(await status(d)).toBe('due');
    // What falls frees its place too; what comes back finds it taken, and stays capped when there is room again.
    await settle(publication, a, false);
    const e = await friend();
    await settle(publication, a, true);
    expect([await status(a), await status(e)]).toEqual(['capped', 'due']);
    await settle(publication, d, false);
    expect(await status(d)).toBe('revoked');
    await settle(publication, d, true);
    expect([await status(a), await status(d)]).toEqual(['capped', 'due']);
  });

  test('goes by the time at which a stage was reached, however late it is told', async () => {
    const publication = await newPublication(app);
    app.clock.set(new Date('2026-12-20T09:00:00Z'));
    await publication.milestone({ stage: 'purchased', threshold: 1, every: 1, cap: { count: 1, per: 'year' } });
    const reader = await publication.reader();
    const friends = await inFlight(1, range(3), () => publication.verifiedFriend(reader.code));
    app.clock.set(new Date('2027-01-10T09:00:00Z'));
    for (const [n, at] of ['2026-12-30T09:00:00Z', '2027-01-05T09:00:00Z', '2026-12-31T09:00:00Z'].entries()) {
      const event = { id: `p${n}`, type: 'purchased', subscriberId: friends[n]!.friend.id, at };
      expect((await publication.admin.post('/events', event)).status).toBe(202);
    }
    expect(await statuses(publication)).toEqual(['due', 'due', 'capped']);
    app.clock.set(null);
  });

  test.each([
    [{ cap: { count: 0, per: 'year' } }, 'cap.count'],
    [{ cap: { count: 1.5, per: 'year' } }, 'cap.count'],
    [{ cap: { count: 1, per: 'week' } }, 'cap.per'],
    [{ cap: { count: 1 } }, 'cap.per'],
    [{ stage: 'signed_up' }, 'stage'],
    [{ stage: 'demo_done' }, 'stage'],
    [{ audience: { all: [] } }, 'audience.all'],
    [{ audience: { any: [] } }, 'audience.all'],
    [{ audience: { all: [{ attribute: 'plan' }] } }, 'audience.all[0]'],
    [{ audience: { all: [{ attribute: 'plan', is: 'pro', not: 'free' }] } }, 'audience.all[0]'],
    [{ audience: { all: [{ attribute: 'nps', atLeast: 'nine' }] } }, 'audience.all[0].atLeast'],
    [{ audience: { all: [{ attribute: 'plan', like: 'pro' }] } }, 'audience.all[0].like'],
    [{ recipient: 'referred' }, 'threshold'],
    [{ recipient: 'referred', threshold: 1, every: 2 }, 'every'],
  ])('%j is refused at %s', async (fields, path) => {
    expect(await problem(await newPublication(app), fields)).toEqual([422, path]);
  });
});

test('a stage that the program names itself can be a milestone, and rewards a friend who reaches it', async () => {
  const publication = await newPublication(app);
  await publication.changeProgram({ stages: ['demo_done'] });
  await publication.milestone({ stage: 'demo_done', threshold: 1, recipient: 'referred' });
  const { friend } = await publication.verifiedFriend((await publication.reader()).code);
  await publication.admin.post('/events', { id: 'd1', type: 'demo_done', subscriberId: friend.id });
  expect(await publication.grants()).toMatchObject([{ subscriberId: friend.id, status: 'due' }]);
});

describe('an audience', () => {
  test('is looked at when the milestone is crossed; who comes into it later gets it when the past is granted', async () => {
    const publication = await newPublication(app);
    const audience = { all: [{ attribute: 'plan', in: ['pro', 'team'] }] };
    const milestone = await publication.milestone({ threshold: 1, audience });
    const pro = await publication.reader(undefined, { attributes: { plan: 'Pro' } });
    const free = await publication.reader(undefined, { attributes: { plan: 'free' } });
    const none = await publication.reader();
    for (const { code } of [pro, free, none]) await publication.verifiedFriend(code);
    expect((await publication.grants()).map(({ subscriberId }) => subscriberId)).toEqual([pro.id]);
    await publication.admin.patch(`/subscribers/${free.id}`, { attributes: { plan: 'team' } });
    await publication.verifiedFriend(free.code);
    expect(await publication.grants()).toHaveLength(1);
    const { body } = await publication.admin.patch(`${MILESTONES}/${milestone.id}`, { past: 'grant' });
    expect(body).toMatchObject({ version: 2, audience, pastRun: { state: 'done', granted: 1, capped: 0 } });
    const people = (await publication.grants()).map(({ subscriberId }) => subscriberId);
    expect(new Set(people)).toEqual(new Set([pro.id, free.id]));
  });

  test('is of whom the reward is for', async () => {
    const publication = await newPublication(app);
    const audience = { all: [{ attribute: 'industry', is: 'bakery' }] };
    await publication.milestone({ threshold: 1, recipient: 'referred', audience });
    const reader = await publication.reader(undefined, { attributes: { industry: 'bakery' } });
    await publication.verifiedFriend(reader.code);
    expect(await publication.grants()).toEqual([]);
    const attributes = { industry: 'Bakery' };
    const friend = await publication.reader(undefined, { ref: reader.code, attributes });
    expect(await publication.grants()).toMatchObject([{ subscriberId: friend.id }]);
  });
});

test('a milestone for others is not shown as the next one', async () => {
  const publication = await newPublication(app);
  const audience = { all: [{ attribute: 'plan', is: 'team' }] };
  await publication.milestone({ threshold: 2, audience });
  const forAll = await publication.milestone({ threshold: 5 });
  const [team, free] = [
    await publication.reader(undefined, { attributes: { plan: 'team' } }),
    await publication.reader(),
  ];
  const next = async (id: string) => (await publication.admin.get(`/subscribers/${id}`)).body.nextMilestone.remaining;
  expect([await next(team.id), await next(free.id)]).toEqual([2, 5]);
  const csv = (await publication.admin.get('/subscribers.csv')).text.split('\n').map((line) => line.split(',').at(-1));
  expect(csv.slice(1, 3).map((cell) => cell!.replace(/\D/g, ''))).toEqual(['2', '5']);
  await publication.verifiedFriend(free.code);
  const { body } = await app.http.get(`/footer/${free.code}.json`);
  expect(JSON.stringify(body)).toContain('4');
  expect(forAll.threshold).toBe(5);
});

test('a grant that waits is given back the same row when the count is there again', async () => {
  const publication = await newPublication(app);
  await publication.milestone({ threshold: 2, holdDays: 7, approval: 'manual' });
  await publication.milestone({ threshold: 2, holdDays: 7 });
  const reader = await publication.reader();
  const { referral } = await publication.verifiedFriend(reader.code);
  await publication.verifiedFriend(reader.code);
  const before = await publication.grants();
  expect(before.map(({ status }) => status)).toEqual(['awaiting_approval', 'due']);
  await settle(publication, referral.id, false);
  expect(await statuses(publication)).toEqual(['revoked', 'revoked']);
  app.advance(DAY);
  await settle(publication, referral.id, true);
  expect(await publication.grants()).toEqual(before);
  const [ledger] = await app.rows(
    `select coalesce(sum(quantity), 0)::int as owed from ledger_entries where publication_id = $1`,
    [publication.id],
  );
  expect(ledger).toEqual({ owed: 1 });
});
